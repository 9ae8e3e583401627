package norm

import (
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// RMSNorm scales the rows [lo,hi) of x [rows,cols] to a mean square of 1 (Zhang &
// Sennrich 2019):
//
//	r = 1/√(Σx²/cols + eps),  y = (x·r)·gamma
//
// with the sum of SumSquares. r [rows] is for the backward pass. gamma [cols] may be
// nil, which counts as ones.
func RMSNorm(y, r, x, gamma []float32, cols int, eps float32, lo, hi int) {
	n := float32(cols)
	for i := lo; i < hi; i++ {
		row := x[i*cols : (i+1)*cols]
		r[i] = scalar.Rsqrt(vec.Dot(row, row)/n + eps)
		normalize(y[i*cols:(i+1)*cols], row, 0, r[i], gamma, nil)
	}
}

// RMSNormGradX writes, for the rows [lo,hi), with h = x·r and g = dy·gamma (gamma
// may be nil),
//
//	dx = r·fma(-h, Σ(g·h)/cols, g)
//
// where Σ is Dot's.
func RMSNormGradX(dx, dy, x, gamma, r []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		d, g, row := dx[i*cols:(i+1)*cols], dy[i*cols:(i+1)*cols], x[i*cols:(i+1)*cols]
		normGradRow(d, g, row, gamma, 0, r[i], false)
	}
}

// RMSNormGradParams writes dgamma_j = Σᵢ fma(dy, h, ·) for the columns [colLo,colHi),
// a chain over ascending rows from 0, of which there are 1024 at most.
func RMSNormGradParams(dgamma, dy, x, r []float32, rows, cols, colLo, colHi int) {
	LayerNormGradParams(dgamma, nil, dy, x, zeros[:rows], r, rows, cols, colLo, colHi)
}
