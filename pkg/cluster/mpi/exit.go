//go:build darwin || freebsd || linux || netbsd

package mpi

import (
	"os"

	"github.com/ebitengine/purego"
)

// opened is the comm of this process, nil where there is none.
var opened *comm

// Exit is os.Exit for programs that may have loaded a library. MPICH tells its launcher only at the end of a process, by a function for
// atexit, that this is no crash; the end of a Go program calls no such functions.
func Exit(code int) {
	if opened == nil {
		os.Exit(code)
	}
	at, err := purego.Dlsym(purego.RTLD_DEFAULT, "exit")
	if err != nil {
		os.Exit(code)
	}
	opened.do(func() { purego.SyscallN(at, uintptr(code)) })
}
