//go:build !amd64 || purego

package kernel

// assemblySets has nothing to offer without assembly.
func assemblySets() []*set { return nil }
