//go:build !amd64 || purego

package cpu

// assembly has nothing to offer.
func assembly() []string { return nil }
