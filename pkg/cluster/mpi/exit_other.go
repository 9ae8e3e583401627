//go:build !(darwin || freebsd || linux || netbsd)

package mpi

import "os"

// Exit is os.Exit: no library is loaded on this system.
func Exit(code int) { os.Exit(code) }
