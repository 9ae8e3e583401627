//go:build (!amd64 && !arm64) || purego

package cpu

// assembly has nothing to offer.
func assembly() []string { return nil }
