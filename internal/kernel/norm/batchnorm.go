package norm

import (
	"runtime"

	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// Sums over the rows of a matrix of up to 32 columns run in several chains side by
// side, as many as rows of strip elements hold: chain k of t takes the rows k, k+t,
// k+2t, …. In the end they are added up in order. Wider matrices have one chain.

// ColumnMoments writes the mean and the biased variance of the columns [lo,hi)
// of x [rows,cols], in two passes:
//
//	mean_j = Σᵢ x_ij / rows,  variance_j = Σᵢ (x_ij - mean_j)² / rows
//
// each Σ chains over ascending rows from 0, the second of fma(d, d, ·). Up to 32
// columns are taken all at once.
func ColumnMoments(mean, variance, x []float32, rows, cols, lo, hi int) {
	m, v, n := mean[lo:hi], variance[lo:hi], float32(rows)
	if t := vec.RowsAtATime(rows, cols); t > 1 {
		narrowMoments(m, v, x[:rows*cols], n, t)
		return
	}
	vec.SumColumns(mean, x, rows, cols, lo, hi)
	vec.DivScalar(m, m, n)
	clear(v)
	if rows > 0 && lo < hi {
		active.sumSquaresColumns(v, x[lo:rows*cols], m, rows, cols)
	}
	vec.DivScalar(v, v, n)
}

// narrowMoments is ColumnMoments with t rows at a time.
func narrowMoments(mean, variance, x []float32, n float32, t int) {
	var s, u vec.Repeater
	cols := len(mean)
	wide := t * cols
	sums, rows := s.Empty(wide), len(x)/wide
	vec.SumColumns(sums, x, rows, wide, 0, wide)
	rest := x[rows*wide:]
	for i, v := range rest {
		sums[i] += v
	}
	addChains(mean, sums)
	vec.DivScalar(mean, mean, n)
	means := u.Repeat(mean, t)
	active.sumSquaresColumns(sums, x, means, rows, wide)
	for i, v := range rest {
		d := v - means[i]
		sums[i] = scalar.FMA(d, d, sums[i])
	}
	addChains(variance, sums)
	vec.DivScalar(variance, variance, n)
	runtime.KeepAlive(&s)
	runtime.KeepAlive(&u)
}

// addChains adds up the chains of each column.
func addChains(dst, chains []float32) {
	copy(dst, chains)
	for chains = chains[len(dst):]; len(chains) > 0; chains = chains[len(dst):] {
		for j := range dst {
			dst[j] += chains[j]
		}
	}
}

// NormalizeColumns writes y = fma(x-mean_j, scale_j, shift_j) for the rows [lo,hi)
// of x [rows,cols], or with relu its positive part.
func NormalizeColumns(y, x, mean, scale, shift []float32, cols, lo, hi int, relu bool) {
	if lo >= hi || cols == 0 {
		return
	}
	f := active.normalizeColumns
	if relu {
		f = active.normalizeColumnsRelu
	}
	y, x, mean, scale, shift = y[lo*cols:hi*cols], x[lo*cols:hi*cols], mean[:cols], scale[:cols], shift[:cols]
	rows := hi - lo
	if t := vec.RowsAtATime(rows, cols); t > 1 {
		var s [3]vec.Repeater
		n, wide := rows/t, t*cols
		f(y, x, s[0].Repeat(mean, t), s[1].Repeat(scale, t), s[2].Repeat(shift, t), n, wide)
		runtime.KeepAlive(&s)
		if y, x, rows = y[n*wide:], x[n*wide:], rows%t; rows == 0 {
			return
		}
	}
	f(y, x, mean, scale, shift, rows, cols)
}

// NormGradSums writes for the columns [lo,hi) of dy and x [rows,cols]
//
//	dyx_j = Σᵢ dy_ij·(x_ij - mean_j),  dys_j = Σᵢ dy_ij
//
// chains over ascending rows from 0, the first of fma(dy, x-mean, ·). With a shift,
// dy counts only where fma(x-mean, scale, shift) is above 0, which is where a relu
// behind the norm lets it through. Up to 32 columns are taken all at once.
func NormGradSums(dyx, dys, dy, x, mean, scale, shift []float32, rows, cols, lo, hi int) {
	if rows == 0 || lo >= hi {
		clear(dyx[lo:hi])
		clear(dys[lo:hi])
		return
	}
	if t := vec.RowsAtATime(rows, cols); t > 1 {
		narrowGradSums(dyx[:cols], dys[:cols], dy[:rows*cols], x[:rows*cols], mean, scale, shift, t)
		return
	}
	p, s, dy, x, m := dyx[lo:hi], dys[lo:hi], dy[lo:rows*cols], x[lo:rows*cols], mean[lo:hi]
	if shift == nil {
		active.sumGradColumns(p, s, dy, x, m, rows, cols)
	} else {
		active.sumGradColumnsRelu(p, s, dy, x, m, scale[lo:hi], shift[lo:hi], rows, cols)
	}
}

// narrowGradSums is NormGradSums with t rows at a time.
func narrowGradSums(dyx, dys, dy, x, mean, scale, shift []float32, t int) {
	var s [5]vec.Repeater
	cols := len(dyx)
	wide := t * cols
	p, d, m, rows := s[0].Empty(wide), s[1].Empty(wide), s[2].Repeat(mean[:cols], t), len(x)/wide
	var a, b []float32
	if shift == nil {
		active.sumGradColumns(p, d, dy, x, m, rows, wide)
	} else {
		a, b = s[3].Repeat(scale[:cols], t), s[4].Repeat(shift[:cols], t)
		active.sumGradColumnsRelu(p, d, dy, x, m, a, b, rows, wide)
	}
	for i, v := range x[rows*wide:] {
		g, c := dy[rows*wide+i], v-m[i]
		if shift != nil && !(scalar.FMA(c, a[i], b[i]) > 0) {
			g = 0
		}
		p[i] = scalar.FMA(g, c, p[i])
		d[i] += g
	}
	addChains(dyx, p)
	addChains(dys, d)
	runtime.KeepAlive(&s)
}

// NormGradX writes for the rows [lo,hi) of dy and x [rows,cols]
//
//	dx = fma(dy, scale_j, fma(x-mean_j, p_j, q_j))
//
// where dy counts only where NormGradSums counts it.
func NormGradX(dx, dy, x, mean, scale, p, q, shift []float32, cols, lo, hi int) {
	if lo >= hi || cols == 0 {
		return
	}
	dx, dy, x = dx[lo*cols:hi*cols], dy[lo*cols:hi*cols], x[lo*cols:hi*cols]
	mean, scale, p, q = mean[:cols], scale[:cols], p[:cols], q[:cols]
	if shift != nil {
		shift = shift[:cols]
	}
	rows := hi - lo
	if t := vec.RowsAtATime(rows, cols); t > 1 {
		var s [5]vec.Repeater
		n, wide := rows/t, t*cols
		m, a, b, c := s[0].Repeat(mean, t), s[1].Repeat(scale, t), s[2].Repeat(p, t), s[3].Repeat(q, t)
		normGradX(dx, dy, x, m, a, b, c, s[4].Repeat(shift, t), n, wide)
		runtime.KeepAlive(&s)
		if dx, dy, x, rows = dx[n*wide:], dy[n*wide:], x[n*wide:], rows%t; rows == 0 {
			return
		}
	}
	normGradX(dx, dy, x, mean, scale, p, q, shift, rows, cols)
}

func normGradX(dx, dy, x, mean, scale, p, q, shift []float32, rows, cols int) {
	if shift == nil {
		active.normGradColumns(dx, dy, x, mean, scale, p, q, rows, cols)
	} else {
		active.normGradColumnsRelu(dx, dy, x, mean, scale, p, q, shift, rows, cols)
	}
}

// sumSquaresColumnsGeneric is the chain of fma(x-mean, x-mean, ·) down each column.
func sumSquaresColumnsGeneric(dst, x, mean []float32, rows, stride int) {
	clear(dst)
	for i := range rows {
		for j, v := range x[i*stride:][:len(dst)] {
			d := v - mean[j]
			dst[j] = scalar.FMA(d, d, dst[j])
		}
	}
}

func normalizeColumnsGeneric(y, x, mean, scale, shift []float32, rows, stride int) {
	for i := range rows {
		r := y[i*stride:]
		for j, v := range x[i*stride:][:len(mean)] {
			r[j] = scalar.FMA(v-mean[j], scale[j], shift[j])
		}
	}
}

func normalizeColumnsReluGeneric(y, x, mean, scale, shift []float32, rows, stride int) {
	for i := range rows {
		r := y[i*stride:]
		for j, v := range x[i*stride:][:len(mean)] {
			r[j] = scalar.Relu(scalar.FMA(v-mean[j], scale[j], shift[j]))
		}
	}
}

func sumGradColumnsGeneric(dyx, dys, dy, x, mean []float32, rows, stride int) {
	clear(dyx)
	clear(dys)
	for i := range rows {
		r := dy[i*stride:]
		for j, v := range x[i*stride:][:len(mean)] {
			dyx[j] = scalar.FMA(r[j], v-mean[j], dyx[j])
			dys[j] += r[j]
		}
	}
}

func sumGradColumnsReluGeneric(dyx, dys, dy, x, mean, scale, shift []float32, rows, stride int) {
	clear(dyx)
	clear(dys)
	for i := range rows {
		r := dy[i*stride:]
		for j, v := range x[i*stride:][:len(mean)] {
			d := v - mean[j]
			g := scalar.ReluGrad(r[j], scalar.FMA(d, scale[j], shift[j]), 0)
			dyx[j] = scalar.FMA(g, d, dyx[j])
			dys[j] += g
		}
	}
}

func normGradColumnsGeneric(dx, dy, x, mean, scale, p, q []float32, rows, stride int) {
	for i := range rows {
		o := i * stride
		for j, v := range x[o:][:len(mean)] {
			dx[o+j] = scalar.FMA(dy[o+j], scale[j], scalar.FMA(v-mean[j], p[j], q[j]))
		}
	}
}

func normGradColumnsReluGeneric(dx, dy, x, mean, scale, p, q, shift []float32, rows, stride int) {
	for i := range rows {
		o := i * stride
		for j, v := range x[o:][:len(mean)] {
			d := v - mean[j]
			g := scalar.ReluGrad(dy[o+j], scalar.FMA(d, scale[j], shift[j]), 0)
			dx[o+j] = scalar.FMA(g, scale[j], scalar.FMA(d, p[j], q[j]))
		}
	}
}
