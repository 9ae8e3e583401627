package kernel

// vectorUnit is how many results of a matrix times a vector are a unit.
const vectorUnit = 128

// vector says that an operand is a vector. Then nothing is packed.
func (g Gemm) vector() bool { return (g.M == 1 || g.N == 1) && g.K > 0 }

// runVector is Run for M = 1 or N = 1: the result is a vector, and the other
// operand a matrix w that has it along its rows or along its columns.
func (g Gemm) runVector(c, a, b []float32, e Epilogue, lo, hi int) {
	n, w, x, alongRows := g.M*g.N, b, a[:g.K], g.TransB
	if g.M > 1 {
		w, x, alongRows = a, b[:g.K], !g.TransA
	}
	for u := lo; u < hi; u++ {
		i, end := u*vectorUnit, min((u+1)*vectorUnit, n)
		y := c[i:end]
		if alongRows {
			active.gemvRows(y, w[i*g.K:], x, g.K, g.Accumulate)
		} else {
			active.gemvColumns(y, w[i:], x, n, g.Accumulate)
		}
		if e.Bias != nil {
			if g.M > 1 {
				active.addScalar(y, y, e.Bias[0])
			} else {
				active.add(y, y, e.Bias[i:end])
			}
		}
		if e.Residual != nil {
			active.add(y, y, e.Residual[i:end])
		}
		if e.Act != ActNone {
			active.act[e.Act](y, y, e.Alpha)
		}
	}
}

// gemvColumnsGeneric is y[j] = Σ_k x[k]·w[k·ld+j] (+ y[j] if load), chains of fma
// over ascending k.
func gemvColumnsGeneric(y, w, x []float32, ld int, load bool) {
	if !load {
		clear(y)
	}
	for k, v := range x {
		for j, u := range w[k*ld : k*ld+len(y)] {
			y[j] = fma(v, u, y[j])
		}
	}
}

// gemvRowsGeneric is y[j] = Σ_k w[j·ld+k]·x[k] (+ y[j] if load), chains of fma
// over ascending k.
func gemvRowsGeneric(y, w, x []float32, ld int, load bool) {
	for j := range y {
		s := float32(0)
		if load {
			s = y[j]
		}
		for k, u := range w[j*ld : j*ld+len(x)] {
			s = fma(u, x[k], s)
		}
		y[j] = s
	}
}
