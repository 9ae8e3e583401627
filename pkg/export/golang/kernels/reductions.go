package kernels

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// lanes are the accumulators of a sum over a row: element i goes to lane i modulo 64.
type lanes [64]float32

// sum folds the lanes by a fixed tree.
func (l *lanes) sum() float32 {
	for h := 32; h > 0; h /= 2 {
		for i := 0; i < h; i++ {
			l[i] += l[i+h]
		}
	}
	return l[0]
}

func sumOf(x []float32) float32 {
	var l lanes
	for i, v := range x {
		l[i&63] += v
	}
	return l.sum()
}

func dotOf(a, b []float32) float32 {
	var l lanes
	for i, v := range a {
		l[i&63] = scalar.FMA(v, b[i], l[i&63])
	}
	return l.sum()
}

// maxOf is the largest element; NaN if one is.
func maxOf(x []float32) float32 {
	var l lanes
	for i := range l {
		l[i] = float32(math.Inf(-1))
	}
	for i, v := range x {
		l[i&63] = scalar.Max(l[i&63], v)
	}
	for h := 32; h > 0; h /= 2 {
		for i := 0; i < h; i++ {
			l[i] = scalar.Max(l[i], l[i+h])
		}
	}
	return l[0]
}

// sumRows sums each of some rows.
func sumRows(y, x []float32, rows, cols int) {
	for i := 0; i < rows; i++ {
		y[i] = sumOf(x[i*cols : (i+1)*cols])
	}
}

// sumBlocks sums n elements in blocks of 4096.
func sumBlocks(y, x []float32, n int) {
	for i := 0; i*4096 < n; i++ {
		end := (i + 1) * 4096
		if end > n {
			end = n
		}
		y[i] = sumOf(x[i*4096 : end])
	}
}

// sumColumns sums the middle axis of [outer, reduce, inner], block rows in each chain, to [outer, blocks, inner].
func sumColumns(y, x []float32, outer, reduce, inner, block int) {
	at := 0
	for o := 0; o < outer; o++ {
		for first := 0; first < reduce; first += block {
			end := first + block
			if end > reduce {
				end = reduce
			}
			for j := 0; j < inner; j++ {
				s := float32(0)
				for i := first; i < end; i++ {
					s += x[(o*reduce+i)*inner+j]
				}
				y[at+j] = s
			}
			at += inner
		}
	}
}

func rowDot(y, a, b []float32, rows, cols int) {
	for i := 0; i < rows; i++ {
		y[i] = dotOf(a[i*cols:(i+1)*cols], b[i*cols:(i+1)*cols])
	}
}

func softmax(y, x []float32, rows, cols int) {
	for i := 0; i < rows; i++ {
		r, d := x[i*cols:(i+1)*cols], y[i*cols:(i+1)*cols]
		m := maxOf(r)
		var l lanes
		for j, v := range r {
			e := scalar.Exp(v - m)
			d[j] = e
			l[j&63] += e
		}
		s := 1 / l.sum()
		for j, v := range d {
			d[j] = scalar.Mul(v, s)
		}
	}
}

func logSoftmax(y, x []float32, rows, cols int) {
	for i := 0; i < rows; i++ {
		r, d := x[i*cols:(i+1)*cols], y[i*cols:(i+1)*cols]
		m := maxOf(r)
		var l lanes
		for j, v := range r {
			l[j&63] += scalar.Exp(v - m)
		}
		s := scalar.Log(l.sum())
		for j, v := range r {
			d[j] = (v - m) - s
		}
	}
}
