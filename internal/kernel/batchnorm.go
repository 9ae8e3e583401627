package kernel

import "runtime"

// ColumnMoments writes the mean and the biased variance of the columns [lo,hi)
// of x [rows,cols], in two passes:
//
//	mean_j = Σᵢ x_ij / rows,  variance_j = Σᵢ (x_ij - mean_j)² / rows
//
// each Σ a chain over ascending rows from 0, the second of fma(d, d, ·).
func ColumnMoments(mean, variance, x []float32, rows, cols, lo, hi int) {
	m, v := mean[lo:hi], variance[lo:hi]
	SumColumns(mean, x, rows, cols, lo, hi)
	n := float32(rows)
	active.divScalar(m, m, n)
	clear(v)
	if rows > 0 && lo < hi {
		active.sumSquaresColumns(v, x[lo:rows*cols], m, rows, cols)
	}
	active.divScalar(v, v, n)
}

// NormalizeColumns writes y = fma((x-mean_j)·rstd_j, gamma_j, beta_j) for the
// rows [lo,hi) of x [rows,cols]. gamma or beta may be nil, which counts as ones
// or zeros.
func NormalizeColumns(y, x, mean, rstd, gamma, beta []float32, cols, lo, hi int) {
	if lo >= hi {
		return
	}
	y, x = y[:hi*cols], x[:hi*cols]
	if t := rowsAtATime(hi-lo, cols); t > 1 {
		var s [4]repeater
		m, r, n := s[0].repeat(mean[:cols], t), s[1].repeat(rstd[:cols], t), (hi-lo)/t
		g, b := s[2].repeat(orPiece(gamma, ones[:], 0, cols), t), s[3].repeat(orPiece(beta, zeros[:], 0, cols), t)
		active.normalizeColumns(y[lo*cols:], x[lo*cols:], m, r, g, b, n, t*cols)
		runtime.KeepAlive(&s)
		if lo += n * t; lo == hi {
			return
		}
	}
	step := len(ones)
	if gamma != nil && beta != nil {
		step = max(cols, 1)
	}
	for c := 0; c < cols; c += step {
		e := min(c+step, cols)
		g, b := orPiece(gamma, ones[:], c, e), orPiece(beta, zeros[:], c, e)
		active.normalizeColumns(y[lo*cols+c:], x[lo*cols+c:], mean[c:e], rstd[c:e], g, b, hi-lo, cols)
	}
}

// BatchNormGradParams writes dgamma_j = Σᵢ fma(dy, h, ·) and dbeta_j = Σᵢ dy for
// the columns [colLo,colHi), chains over ascending rows from 0, with h =
// (x-mean_j)·rstd_j (Ioffe & Szegedy 2015).
func BatchNormGradParams(dgamma, dbeta, dy, x, mean, rstd []float32, rows, cols, colLo, colHi int) {
	SumColumns(dbeta, dy, rows, cols, colLo, colHi)
	d, m, s := dgamma[colLo:colHi], mean[colLo:colHi], rstd[colLo:colHi]
	clear(d)
	if rows > 0 && colLo < colHi {
		active.sumNormalColumns(d, dy[colLo:rows*cols], x[colLo:rows*cols], m, s, rows, cols)
	}
}

// BatchNormGradX writes for the rows [lo,hi), with h = (x-mean_j)·rstd_j,
// r = 1/rows and gamma possibly nil (ones),
//
//	dx = (gamma_j·rstd_j)·fma(-h, dgamma_j·r, dy - dbeta_j·r)
//
// the gradient through the batch's own mean and variance.
func BatchNormGradX(dx, dy, x, gamma, mean, rstd, dgamma, dbeta []float32, rows, cols, lo, hi int) {
	if lo >= hi {
		return
	}
	dx, dy, x = dx[:hi*cols], dy[:hi*cols], x[:hi*cols]
	r := 1 / float32(rows)
	if t := rowsAtATime(hi-lo, cols); t > 1 {
		var s [5]repeater
		m, sd, n := s[0].repeat(mean[:cols], t), s[1].repeat(rstd[:cols], t), (hi-lo)/t
		g := s[2].repeat(orPiece(gamma, ones[:], 0, cols), t)
		dg, db, at := s[3].repeat(dgamma[:cols], t), s[4].repeat(dbeta[:cols], t), lo*cols
		active.normGradColumns(dx[at:], dy[at:], x[at:], g, m, sd, dg, db, r, n, t*cols)
		runtime.KeepAlive(&s)
		if lo += n * t; lo == hi {
			return
		}
	}
	step := len(ones)
	if gamma != nil {
		step = max(cols, 1)
	}
	for c := 0; c < cols; c += step {
		e, at := min(c+step, cols), lo*cols+c
		g := orPiece(gamma, ones[:], c, e)
		active.normGradColumns(dx[at:], dy[at:], x[at:], g, mean[c:e], rstd[c:e], dgamma[c:e], dbeta[c:e], r, hi-lo, cols)
	}
}

// sumSquaresColumnsGeneric is the chain of fma(x-mean, x-mean, ·) down each column.
func sumSquaresColumnsGeneric(dst, x, mean []float32, rows, stride int) {
	clear(dst)
	for i := range rows {
		for j, v := range x[i*stride:][:len(dst)] {
			d := v - mean[j]
			dst[j] = fma(d, d, dst[j])
		}
	}
}

// sumNormalColumnsGeneric is the chain of fma(dy, (x-mean)·rstd, ·) down each
// column, with a mean and rstd per column.
func sumNormalColumnsGeneric(dst, dy, x, mean, rstd []float32, rows, stride int) {
	clear(dst)
	for i := range rows {
		r := dy[i*stride:]
		for j, v := range x[i*stride:][:len(dst)] {
			dst[j] = fma(r[j], mul(v-mean[j], rstd[j]), dst[j])
		}
	}
}

func normalizeColumnsGeneric(y, x, mean, rstd, gamma, beta []float32, rows, stride int) {
	for i := range rows {
		r := y[i*stride:]
		for j, v := range x[i*stride:][:len(mean)] {
			r[j] = fma(mul(v-mean[j], rstd[j]), gamma[j], beta[j])
		}
	}
}

func normGradColumnsGeneric(dx, dy, x, gamma, mean, rstd, dgamma, dbeta []float32, r float32, rows, stride int) {
	for i := range rows {
		o := i * stride
		for j, v := range x[o:][:len(mean)] {
			h := mul(v-mean[j], rstd[j])
			t := fma(-h, mul(dgamma[j], r), dy[o+j]-mul(dbeta[j], r))
			dx[o+j] = mul(mul(gamma[j], rstd[j]), t)
		}
	}
}
