package dataset

import (
	"dnn/internal/random"
)

// streamOrder begins the streams of random numbers that order the rows of each epoch.
const streamOrder = 3 << 32

// Permutation fills dst with the numbers [0, n) in the random order number i of a seed, growing dst where it is too short.
// The order follows from n, seed and i alone.
func Permutation(dst []int, n int, seed, i uint64) []int {
	if cap(dst) < n {
		dst = make([]int, n)
	}
	dst = dst[:n]
	for k := range dst {
		dst[k] = k
	}
	r := random.New(seed, streamOrder+i)
	for k := n - 1; k > 0; k-- {
		j := r.Below(k + 1)
		dst[k], dst[j] = dst[j], dst[k]
	}
	return dst
}

// First is a part of the first n rows of p.
func (p *Part) First(n int) *Part {
	return &Part{schema: p.schema, store: p.store, rows: p.rows[:min(n, len(p.rows))]}
}
