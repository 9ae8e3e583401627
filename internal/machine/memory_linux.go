// Package machine tells what the machine has that the program runs on.
package machine

import (
	"sync"
	"syscall"
)

// Memory is how much memory the program can use in bytes, 0 when it is not known: that of the machine, or less where its control
// group or a limit of the process (ulimit -v) leaves it less.
var Memory = sync.OnceValue(func() int {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return 0
	}
	return min(int(uint64(info.Totalram)*uint64(info.Unit)), groupLimit("/"), processLimit())
})

// processLimit is how much address space the process may have.
func processLimit() int {
	var limit syscall.Rlimit
	if syscall.Getrlimit(syscall.RLIMIT_AS, &limit) != nil || limit.Cur > unlimited {
		return unlimited
	}
	return int(limit.Cur)
}
