package machine

import (
	"errors"
	"os"
	"syscall"
)

// Runs reports whether there is a process of that number, or may be one.
func Runs(process int) bool {
	p, err := os.FindProcess(process)
	if err != nil {
		return false
	}
	defer p.Release()
	return !errors.Is(p.Signal(syscall.Signal(0)), os.ErrProcessDone)
}
