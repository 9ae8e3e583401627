// Package norm normalizes rows (layer norm, RMS norm) and columns (batch norm).
package norm

import (
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// ones and zeros stand in for an absent gamma and beta, a piece at a time.
var ones, zeros = func() (o, z [1024]float32) {
	for i := range o {
		o[i] = 1
	}
	return o, z
}()

// normalize is y = fma((x-mean)·rstd, gamma, beta) with one mean and rstd for
// all of x; a nil gamma counts as ones, a nil beta as zeros.
func normalize(y, x []float32, mean, rstd float32, gamma, beta []float32) {
	if gamma != nil && beta != nil {
		active.normalize(y, x, gamma[:len(x)], beta[:len(x)], mean, rstd)
		return
	}
	for o := 0; o < len(x); o += len(ones) {
		e := min(o+len(ones), len(x))
		active.normalize(y[o:e], x[o:e], orPiece(gamma, ones[:], o, e), orPiece(beta, zeros[:], o, e), mean, rstd)
	}
}

// orPiece is v[o:e], or the first e-o elements of other if v is nil.
func orPiece(v, other []float32, o, e int) []float32 {
	if v == nil {
		return other[:e-o]
	}
	return v[o:e]
}

// LayerNorm normalizes the rows [lo,hi) of x [rows,cols] (Ba et al. 2016):
//
//	mean = Σx/cols,  var = Σ(x-mean)²/cols,  rstd = 1/√(var+eps),
//	y = fma((x-mean)·rstd, gamma, beta)
//
// with the sums of Sum and SumSquares. mean and rstd [rows] are for the backward
// pass. gamma or beta [cols] may be nil, which counts as ones or zeros.
func LayerNorm(y, mean, rstd, x, gamma, beta []float32, cols int, eps float32, lo, hi int) {
	n := float32(cols)
	for i := lo; i < hi; i++ {
		r := x[i*cols : (i+1)*cols]
		m := vec.Sum(r) / n
		s := scalar.Rsqrt(active.sumSquaresShift(r, m)/n + eps)
		mean[i], rstd[i] = m, s
		normalize(y[i*cols:(i+1)*cols], r, m, s, gamma, beta)
	}
}

// LayerNormGradX writes, for the rows [lo,hi), with h = (x-mean)·rstd and
// g = dy·gamma (gamma may be nil),
//
//	dx = rstd·fma(-h, Σ(g·h)/cols, g - Σg/cols)
//
// where Σ are Sum's and Dot's.
func LayerNormGradX(dx, dy, x, gamma, mean, rstd []float32, cols, lo, hi int) {
	for i := lo; i < hi; i++ {
		d, g, r := dx[i*cols:(i+1)*cols], dy[i*cols:(i+1)*cols], x[i*cols:(i+1)*cols]
		normGradRow(d, g, r, gamma, mean[i], rstd[i], true)
	}
}

// normGradRow leaves Σg out unless the mean depends on x.
func normGradRow(dx, dy, x, gamma []float32, mean, rstd float32, centered bool) {
	n := float32(len(x))
	switch {
	case gamma != nil:
		gamma = gamma[:len(x)]
	case len(x) <= len(ones):
		gamma = ones[:len(x)]
	default: // rare enough for the portable loops, which know what nil means
		s1, s2 := float32(0), dotNormalGeneric(dy, nil, x, mean, rstd)
		if centered {
			s1 = vec.Sum(dy)
		}
		normGradGeneric(dx, dy, nil, x, mean, rstd, s1/n, s2/n)
		return
	}
	s1, s2 := float32(0), active.dotNormal(dy, gamma, x, mean, rstd)
	if centered {
		s1 = vec.Dot(dy, gamma)
	}
	active.normGrad(dx, dy, gamma, x, mean, rstd, s1/n, s2/n)
}

// LayerNormGradParams writes dgamma_j = Σᵢ fma(dy, h, ·) and dbeta_j = Σᵢ dy for
// the columns [colLo,colHi), each a chain over ascending rows from 0, with h =
// (x-mean_i)·rstd_i. Either may be nil.
func LayerNormGradParams(dgamma, dbeta, dy, x, mean, rstd []float32, rows, cols, colLo, colHi int) {
	if dbeta != nil {
		vec.SumColumns(dbeta, dy, rows, cols, colLo, colHi)
	}
	if dgamma == nil {
		return
	}
	d := dgamma[colLo:colHi]
	clear(d)
	if rows > 0 && colLo < colHi {
		active.sumNormalRows(d, dy[colLo:rows*cols], x[colLo:rows*cols], mean[:rows], rstd[:rows], rows, cols)
	}
}

func normalizeGeneric(y, x, gamma, beta []float32, mean, rstd float32) {
	for i, v := range x {
		y[i] = scalar.FMA(scalar.Mul(v-mean, rstd), gamma[i], beta[i])
	}
}

// sumSquaresShiftGeneric is the SumSquares of x-m.
func sumSquaresShiftGeneric(x []float32, m float32) float32 {
	var l scalar.Lanes
	for i, v := range x {
		d := v - m
		l[i&63] = scalar.FMA(d, d, l[i&63])
	}
	return l.Sum()
}

// dotNormalGeneric is the Dot of dy·gamma and (x-mean)·rstd.
func dotNormalGeneric(dy, gamma, x []float32, mean, rstd float32) float32 {
	var l scalar.Lanes
	for i, v := range x {
		g := dy[i]
		if gamma != nil {
			g = scalar.Mul(g, gamma[i])
		}
		l[i&63] = scalar.FMA(g, scalar.Mul(v-mean, rstd), l[i&63])
	}
	return l.Sum()
}

// normGradGeneric is rstd·fma(-h, c2, dy·gamma - c1) with h = (x-mean)·rstd.
func normGradGeneric(dx, dy, gamma, x []float32, mean, rstd, c1, c2 float32) {
	for i, v := range x {
		g := dy[i]
		if gamma != nil {
			g = scalar.Mul(g, gamma[i])
		}
		dx[i] = scalar.Mul(rstd, scalar.FMA(-scalar.Mul(v-mean, rstd), c2, g-c1))
	}
}

// sumNormalRowsGeneric is the chain of fma(dy, (x-mean)·rstd, ·) down each column,
// with a mean and rstd per row.
func sumNormalRowsGeneric(dst, dy, x, mean, rstd []float32, rows, stride int) {
	clear(dst)
	for i := range rows {
		r := dy[i*stride:]
		for j, v := range x[i*stride:][:len(dst)] {
			dst[j] = scalar.FMA(r[j], scalar.Mul(v-mean[i], rstd[i]), dst[j])
		}
	}
}
