package machine

import "unsafe"

// line is the size of a cache line.
const line = 64

// Bytes makes n zeros that begin with a cache line, for numbers that are gone through again and again.
func Bytes(n int) []byte {
	raw := make([]byte, n+line)
	skip := -int(uintptr(unsafe.Pointer(&raw[0]))) & (line - 1)
	raw = raw[skip : skip+n : skip+n]
	askHuge(raw)
	return raw
}
