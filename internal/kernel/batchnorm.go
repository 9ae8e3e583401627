package kernel

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
	for i := range rows {
		active.accSquare(v, x[i*cols+lo:i*cols+hi], m)
	}
	active.divScalar(v, v, n)
}

// NormalizeColumns writes y = fma((x-mean_j)·rstd_j, gamma_j, beta_j) for the
// rows [lo,hi) of x [rows,cols]. gamma or beta may be nil, which counts as ones
// or zeros.
func NormalizeColumns(y, x, mean, rstd, gamma, beta []float32, cols, lo, hi int) {
	for c := 0; c < cols; c += len(ones) {
		e := min(c+len(ones), cols)
		if gamma != nil && beta != nil {
			e = cols
		}
		g, b := orPiece(gamma, ones[:], c, e), orPiece(beta, zeros[:], c, e)
		for i := lo; i < hi; i++ {
			active.normalizeColumns(y[i*cols+c:i*cols+e], x[i*cols+c:i*cols+e], mean[c:e], rstd[c:e], g, b)
		}
		if e == cols {
			return
		}
	}
}

// BatchNormGradParams writes dgamma_j = Σᵢ fma(dy, h, ·) and dbeta_j = Σᵢ dy for
// the columns [colLo,colHi), chains over ascending rows from 0, with h =
// (x-mean_j)·rstd_j (Ioffe & Szegedy 2015).
func BatchNormGradParams(dgamma, dbeta, dy, x, mean, rstd []float32, rows, cols, colLo, colHi int) {
	SumColumns(dbeta, dy, rows, cols, colLo, colHi)
	d, m, s := dgamma[colLo:colHi], mean[colLo:colHi], rstd[colLo:colHi]
	clear(d)
	for i := range rows {
		lo, hi := i*cols+colLo, i*cols+colHi
		active.accNormalColumns(d, dy[lo:hi], x[lo:hi], m, s)
	}
}

// BatchNormGradX writes for the rows [lo,hi), with h = (x-mean_j)·rstd_j,
// r = 1/rows and gamma possibly nil (ones),
//
//	dx = (gamma_j·rstd_j)·fma(-h, dgamma_j·r, dy - dbeta_j·r)
//
// the gradient through the batch's own mean and variance.
func BatchNormGradX(dx, dy, x, gamma, mean, rstd, dgamma, dbeta []float32, rows, cols, lo, hi int) {
	r := 1 / float32(rows)
	for c := 0; c < cols; c += len(ones) {
		e := min(c+len(ones), cols)
		if gamma != nil {
			e = cols
		}
		g := orPiece(gamma, ones[:], c, e)
		for i := lo; i < hi; i++ {
			a, b := i*cols+c, i*cols+e
			active.normGradColumns(dx[a:b], dy[a:b], x[a:b], g, mean[c:e], rstd[c:e], dgamma[c:e], dbeta[c:e], r)
		}
		if e == cols {
			return
		}
	}
}

// accSquareGeneric is acc = fma(x-mean, x-mean, acc).
func accSquareGeneric(acc, x, mean []float32) {
	for i, v := range x {
		d := v - mean[i]
		acc[i] = fma(d, d, acc[i])
	}
}

func normalizeColumnsGeneric(y, x, mean, rstd, gamma, beta []float32) {
	for i, v := range x {
		y[i] = fma(mul(v-mean[i], rstd[i]), gamma[i], beta[i])
	}
}

// accNormalColumnsGeneric is acc = fma(dy, (x-mean)·rstd, acc).
func accNormalColumnsGeneric(acc, dy, x, mean, rstd []float32) {
	for i, v := range x {
		acc[i] = fma(dy[i], mul(v-mean[i], rstd[i]), acc[i])
	}
}

func normGradColumnsGeneric(dx, dy, x, gamma, mean, rstd, dgamma, dbeta []float32, r float32) {
	for i, v := range x {
		h := mul(v-mean[i], rstd[i])
		t := fma(-h, mul(dgamma[i], r), dy[i]-mul(dbeta[i], r))
		dx[i] = mul(mul(gamma[i], rstd[i]), t)
	}
}
