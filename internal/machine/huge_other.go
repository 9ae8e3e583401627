//go:build !linux

package machine

// askHuge does nothing: only Linux is asked for huge pages.
func askHuge([]byte) {}
