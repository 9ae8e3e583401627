package dataset

import (
	"iter"
	"slices"

	"dnn/internal/random"
)

// streamGroups begins the streams of random numbers that order the batches of each epoch.
const streamGroups = 7 << 32

// searchBatches is within how many batches rows of similar length are looked for: rows keep being mixed with most others.
const searchBatches = 64

// GroupByLength changes the order of an epoch's rows so that batches hold rows of similar length, and are themselves in an
// order that the seed and the epoch's number give. The last batch, which may be smaller, keeps its place.
func (p *Part) GroupByLength(order []int, batch int, seed, epoch uint64) {
	for from := 0; from < len(order); from += searchBatches * batch {
		slices.SortStableFunc(order[from:min(from+searchBatches*batch, len(order))], func(a, b int) int { return p.Length(a) - p.Length(b) })
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

// streamSample is the number of the order from which samples are drawn, far behind those of epochs.
const streamSample = 6 << 32

// Sample is a split of n rows of p, drawn by the seed alone, in their order: the first ones of a file may all be of one class.
func (p *Part) Sample(n int, seed uint64) *Part {
	if n >= p.Rows() {
		return p
	}
	drawn := Permutation(nil, p.Rows(), seed, streamSample)[:n]
	slices.Sort(drawn)
	list := make([]int32, n)
	for i, place := range drawn {
		list[i] = p.Stored.At(place)
	}
	return &Part{Of: p.Of, Cells: p.Cells, Stored: rowList(list)}
}

// rows are some rows of a store, in their order.
type rows struct {
	list []int32 // nil: the first n
	n    int
}

func rowList(list []int32) rows { return rows{list, len(list)} }

// At is the row at a place.
func (r rows) At(place int) int32 {
	if r.list == nil {
		return int32(place)
	}
	return r.list[place]
}

// All yields the rows.
func (r rows) All() iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for place := range r.n {
			if !yield(r.At(place)) {
				return
			}
		}
	}
}
