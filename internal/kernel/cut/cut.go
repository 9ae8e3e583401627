// Package cut has how kernels cut their work and their local memory into pieces.
package cut

// Ceil is a/b rounded up. Divisions are what a small product would spend its time on.
func Ceil(a, b int) int {
	if a <= b {
		return min(a, 1)
	}
	return (a + b - 1) / b
}

// Part cuts n things into sets and returns the bounds of set i.
func Part(n, sets, i int) (lo, hi int) {
	if sets == 1 {
		return 0, n
	}
	return n * i / sets, n * (i + 1) / sets
}

// Carve takes n elements from the front of local.
func Carve(local *[]float32, n int) []float32 {
	s := (*local)[:n:n]
	*local = (*local)[n:]
	return s
}

// Span is the i-th piece of n elements.
func Span(x []float32, i, n int) []float32 { return x[i*n : (i+1)*n : (i+1)*n] }
