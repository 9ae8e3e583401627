package dataset

import (
	"slices"

	"dnn/internal/random"
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
