// Package pool takes the largest and the mean of windows.
package pool

import "dnn/internal/kernel/scalar"

// Pooling looks at [.., positions, channels] through windows. A window is the list of the distances of its elements from
// its first one, ascending from 0 on; n windows of one form lie step apart, and what belongs to them dstep apart. All are
// lists of channels.

// Max writes the largest element of each window:
//
//	dst[i·dstep+j] = maxₖ x[i·step+offsets[k]+j]   for i < n and j < channels
//
// Among equals the first counts (of +0 and -0 too), and NaN before all.
func Max(dst, x []float32, offsets []int, n, channels, dstep, step int) {
	if n > 0 && channels > 0 {
		dst, x = dst[:(n-1)*dstep+channels], x[:(n-1)*step+offsets[len(offsets)-1]+channels]
		active.poolMax(dst, x, offsets, n, channels, dstep, step)
	}
}

// MaxGrad hands dy to that element of each window that Max takes, the last one of several NaN as in PyTorch, in
// order of the windows:
//
//	dx[i·step+offsets[k]+j] += dy[i·dstep+j] for that k   for from ≤ k < to
//
// Other elements take part in finding the largest, but nothing is added to them. With set, each element of the range lies
// in one window only, and is written instead: dy or 0.
func MaxGrad(dx, x, dy []float32, offsets []int, n, channels, step, dstep, from, to int, set bool) {
	if n < 1 || channels < 1 || from >= to {
		return
	}
	x, dy = x[:(n-1)*step+offsets[len(offsets)-1]+channels], dy[:(n-1)*dstep+channels]
	dx = dx[:(n-1)*step+offsets[to-1]+channels]
	if set {
		active.poolMaxGrad(dx, x, dy, offsets, n, channels, step, dstep, from, to)
	} else {
		active.poolMaxGradAdd(dx, x, dy, offsets, n, channels, step, dstep, from, to)
	}
}

// Sum writes a weighted sum of each window, divided by what is not 1:
//
//	dst[i·dstep+j] = (Σₖ w[k]·x[i·step+offsets[k]+j]) / div   for i < n and j < channels
//
// the Σ being w[0]·x and then a chain of fma(w[k], x, ·). Windows of no elements give 0.
func Sum(dst, x []float32, offsets []int, w []float32, div float32, n, channels, dstep, step int) {
	if n < 1 || channels < 1 {
		return
	}
	dst = dst[:(n-1)*dstep+channels]
	if len(offsets) == 0 {
		for i := range n {
			clear(dst[i*dstep:][:channels])
		}
		return
	}
	x, w = x[:(n-1)*step+offsets[len(offsets)-1]+channels], w[:len(offsets)]
	active.poolSum(dst, x, offsets, w, div, n, channels, dstep, step)
}

func poolMaxGeneric(dst, x []float32, offsets []int, n, channels, dstep, step int) {
	for i := range n {
		d := dst[i*dstep:][:channels]
		copy(d, x[i*step+offsets[0]:])
		for _, o := range offsets[1:] {
			for j, v := range x[i*step+o:][:channels] {
				d[j] = scalar.Max(v, d[j])
			}
		}
	}
}

// poolArgmax is the place in the window of the element whose gradient dy is.
func poolArgmax(x []float32, offsets []int) int {
	best, at := x[offsets[0]], 0
	for k, o := range offsets {
		if v := x[o]; v > best || v != v {
			best, at = v, k
		}
	}
	return at
}

func poolMaxGradGeneric(dx, x, dy []float32, offsets []int, n, channels, step, dstep, from, to int) {
	for i := range n {
		for j := range channels {
			at := poolArgmax(x[i*step+j:], offsets)
			for k := from; k < to; k++ {
				dx[i*step+offsets[k]+j] = 0
			}
			if at >= from && at < to {
				dx[i*step+offsets[at]+j] = dy[i*dstep+j]
			}
		}
	}
}

func poolMaxGradAddGeneric(dx, x, dy []float32, offsets []int, n, channels, step, dstep, from, to int) {
	for i := range n {
		for j := range channels {
			if at := poolArgmax(x[i*step+j:], offsets); at >= from && at < to {
				dx[i*step+offsets[at]+j] += dy[i*dstep+j]
			}
		}
	}
}

func poolSumGeneric(dst, x []float32, offsets []int, w []float32, div float32, n, channels, dstep, step int) {
	for i := range n {
		d := dst[i*dstep:][:channels]
		for j, v := range x[i*step+offsets[0]:][:channels] {
			d[j] = scalar.Mul(w[0], v)
		}
		for k, o := range offsets[1:] {
			for j, v := range x[i*step+o:][:channels] {
				d[j] = scalar.FMA(w[k+1], v, d[j])
			}
		}
		if div != 1 {
			for j := range d {
				d[j] /= div
			}
		}
	}
}
