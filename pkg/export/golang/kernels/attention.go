package kernels

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// attention lets each query of each head attend to the keys that it sees, in blocks of 128 keys with a running maximum and sum. sizes
// are rows, queries, keys, heads, heads of keys, elements of a key and of a value, 1 if causal, and the window.
func attention(y, q, k, v, slopes []float32, lengths, offset []int32, scratch []float32, sizes []int, scale float32) {
	rows, queries, heads, group := sizes[0], sizes[1], sizes[3], sizes[3]/sizes[4]
	n, keyHeads, d, e := sizes[2], sizes[4], sizes[5], sizes[6]
	own, weights, sums := scratch[:d], scratch[d:d+128], scratch[d+128:d+128+e]
	for u := 0; u < rows*queries*heads; u++ {
		row, head := u/(queries*heads), u%heads
		at := u / heads % queries
		if offset != nil {
			at += int(offset[row])
		}
		lo, hi := seenKeys(lengths, row, at, sizes)
		for i, x := range q[u*d : (u+1)*d] {
			own[i] = scalar.Mul(x, scale)
		}
		for i := range sums {
			sums[i] = 0
		}
		slope := float32(0)
		if slopes != nil {
			slope = slopes[head]
		}
		top, sum := float32(-math.MaxFloat32), float32(0)
		first := lo - lo%128
		for j0 := first; j0 < hi; j0 += 128 {
			before := top
			for j := j0; j < j0+128; j++ {
				weights[j-j0] = float32(math.Inf(-1))
				if j < lo || j >= hi {
					continue
				}
				s := float32(0)
				for i, x := range k[((row*n+j)*keyHeads+head/group)*d:][:d] {
					s = scalar.FMA(own[i], x, s)
				}
				switch {
				case slopes == nil:
				case j < at:
					s = scalar.FMA(slope, float32(j-at), s)
				default:
					s = scalar.FMA(-slope, float32(j-at), s)
				}
				weights[j-j0] = s
				top = float32(math.Max(float64(top), float64(s)))
			}
			var l lanes
			for i, s := range weights {
				w := float32(0)
				if x := s - top; !(x < -87) {
					w = scalar.Exp(x)
				}
				weights[i] = w
				l[i%64] += w
			}
			if change := scalar.Exp(before - top); j0 > first && change != 1 {
				sum = scalar.Mul(sum, change)
				for i := range sums {
					sums[i] = scalar.Mul(sums[i], change)
				}
			}
			sum += l.sum()
			for j := j0; j < j0+128 && j < hi; j++ {
				if j < lo {
					continue
				}
				for i, x := range v[((row*n+j)*keyHeads+head/group)*e:][:e] {
					sums[i] = scalar.FMA(weights[j-j0], x, sums[i])
				}
			}
		}
		for i, s := range sums {
			y[u*e+i] = 0
			if sum != 0 {
				y[u*e+i] = scalar.FMA(1/sum, s, 0)
			}
		}
	}
}

// seenKeys are the keys that a query at a position sees.
func seenKeys(lengths []int32, row, at int, sizes []int) (lo, hi int) {
	length, causal, window := sizes[2], sizes[7] == 1, sizes[8]
	if lengths != nil && int(lengths[row]) < length {
		length = int(lengths[row])
		if length < 0 {
			length = 0
		}
	}
	lo, hi = 0, length
	if window > 0 && at-window+1 > lo {
		lo = at - window + 1
	}
	if window > 0 && at+window < hi {
		hi = at + window
	}
	if causal && at+1 < hi {
		hi = at + 1
	}
	if hi < 0 {
		hi = 0
	}
	if lo > hi {
		lo = hi
	}
	return lo, hi
}

// rotary turns the heads of x [rows, steps, heads, 2·half] by angles whose cosines and sines are given for each step.
func rotary(y, x, cos, sin []float32, rows, steps, heads, half int) {
	for u := 0; u < rows*steps*heads; u++ {
		t := u / heads % steps
		for j := 0; j < half; j++ {
			a, b, c, s := x[2*u*half+j], x[(2*u+1)*half+j], cos[t*half+j], sin[t*half+j]
			y[2*u*half+j] = scalar.FMA(-b, s, scalar.Mul(a, c))
			y[(2*u+1)*half+j] = scalar.FMA(a, s, scalar.Mul(b, c))
		}
	}
}
