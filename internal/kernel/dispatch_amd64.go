//go:build amd64 && !purego

package kernel

func assemblySets() []*set { return nil }
