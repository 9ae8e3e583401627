//go:build !linux

// Package machine tells what the machine has that the program runs on.
package machine

// Memory is the size of this machine's memory in bytes, 0 when it is not known.
func Memory() int { return 0 }
