// Package machine tells what the machine has that the program runs on.
package machine

import "syscall"

// Memory is the size of this machine's memory in bytes, 0 when it is not known.
func Memory() int {
	var info syscall.Sysinfo_t
	if syscall.Sysinfo(&info) != nil {
		return 0
	}
	return int(uint64(info.Totalram) * uint64(info.Unit))
}
