package pruning

import (
	"math"

	"dnn/pkg/graph"
)

// Weights are those of one parameter.
type Weights struct {
	graph.Param
	Values []float32
}

// magnitude orders numbers by their absolute value: that of their bits without the sign. What is not a number is the largest.
func magnitude(x float32) uint32 { return math.Float32bits(x) &^ (1 << 31) }

// count is how many of n weights a share of them is.
func count(share float64, n int) int { return int(math.Round(share * float64(n))) }

// Prune sets the weights of the smallest magnitude to zero, in all of list; progress is the share of the whole pruning that is
// to be done. Of equals, those that come first go first. It allocates nothing.
func (s *Settings) Prune(list []Weights, progress float64) {
	switch {
	case s.Pattern.M > 0:
		for _, w := range list {
			s.Pattern.prune(w, progress)
		}
	case s.Scope == "layer":
		for i := range list {
			zeroSmallest(list[i:i+1], count(progress*s.Sparsity, len(list[i].Values)))
		}
	default:
		n := 0
		for _, w := range list {
			n += len(w.Values)
		}
		zeroSmallest(list, count(progress*s.Sparsity, n))
	}
}

// The bits of a magnitude are looked at in three parts, from the highest on.
var digits = [...]struct{ shift, bits int }{{20, 11}, {10, 10}, {0, 10}}

// zeroSmallest sets k numbers of list to zero. It finds the largest magnitude among them digit by digit: how many numbers have
// a digit says in which one the k-th lies.
func zeroSmallest(list []Weights, k int) {
	if k <= 0 {
		return
	}
	limit, left := uint32(0), k // of those as large as limit, left go
	for _, d := range digits {
		var counts [1 << 11]int
		known := d.shift + d.bits
		for _, w := range list {
			for _, x := range w.Values {
				if m := magnitude(x); m>>known == limit>>known {
					counts[m>>d.shift&(1<<d.bits-1)]++
				}
			}
		}
		digit := 0
		for ; left > counts[digit]; digit++ {
			left -= counts[digit]
		}
		limit |= uint32(digit) << d.shift
	}
	for _, w := range list {
		for i, x := range w.Values {
			switch m := magnitude(x); {
			case m < limit:
				w.Values[i] = 0
			case m == limit && left > 0:
				w.Values[i] = 0
				left--
			}
		}
	}
}

// prune keeps the largest of each M weights of a row. Of fewer at its end the same share goes, rounded down.
func (t Pattern) prune(w Weights, progress float64) {
	row := len(w.Values) / max(1, w.Shape[0])
	for lo := 0; lo < len(w.Values); lo += row {
		for at := lo; at < lo+row; at += t.M {
			group := w.Values[at:min(at+t.M, lo+row)]
			zeroEach(group, int(progress*float64(len(group)*(t.M-t.N))/float64(t.M)))
		}
	}
}

// zeroEach sets k numbers of a group to zero, one after the other.
func zeroEach(group []float32, k int) {
	gone := uint64(0)
	for range k {
		least := -1
		for i, x := range group {
			if gone>>i&1 == 0 && (least < 0 || magnitude(x) < magnitude(group[least])) {
				least = i
			}
		}
		gone |= 1 << least
		group[least] = 0
	}
}
