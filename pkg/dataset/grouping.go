package dataset

import (
	"dnn/internal/random"
	"slices"
)

// streamGroups begins the streams of random numbers that order the batches of each epoch.
const streamGroups = 7 << 32

// stretch is within how many batches rows of similar length are looked for: rows keep being mixed with most others.
const stretch = 64

// GroupByLength changes the order of an epoch's rows so that batches hold rows of similar length, and are themselves in an
// order that the seed and the epoch's number give. The last batch, which may be smaller, keeps its place.
func (p *Part) GroupByLength(order []int, batch int, seed, epoch uint64) {
	for from := 0; from < len(order); from += stretch * batch {
		slices.SortStableFunc(order[from:min(from+stretch*batch, len(order))], func(a, b int) int { return p.Length(a) - p.Length(b) })
	}
	whole := len(order) / batch
	grouped := slices.Clone(order)
	r := random.New(seed, streamGroups+epoch)
	places := make([]int, whole)
	for i := range places {
		places[i] = i
	}
	for i := whole - 1; i > 0; i-- {
		j := r.Below(i + 1)
		places[i], places[j] = places[j], places[i]
	}
	for i, from := range places {
		copy(order[i*batch:(i+1)*batch], grouped[from*batch:])
	}
}

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

// First is a split of the first n rows of p.
func (p *Part) First(n int) *Part {
	return &Part{Of: p.Of, Cells: p.Cells, Stored: p.Stored[:min(n, len(p.Stored))]}
}
