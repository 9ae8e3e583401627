//go:build !linux

package machine

// Floats makes n zeros for numbers that are gone through again and again.
func Floats(n int) []float32 { return make([]float32, n) }
