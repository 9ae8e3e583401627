package kernel

// A tileFunc computes one register tile of C, m rows of n columns, over k steps:
//
//	for i < m, j < n: c[i·ldc+j] = Σ_k a[i·ars+k·aks]·b[k·ldb+j] (+ c[i·ldc+j] if load)
//
// as chains of fma over ascending k.
type tileFunc func(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool)

// blockK is at most how many k a tile does before the next one begins. A panel
// of B and the rows that meet it should stay in the second-level cache; taking C
// up again costs more than what lower blocks would save.
const blockK = 1024

// Run computes the units [lo,hi) of C. scratch is what Pack has filled.
func (g Gemm) Run(c, a, b, scratch []float32, e Epilogue, lo, hi int) {
	p := g.plan()
	g.check(p, c, a, b, scratch, e)
	if g.vector() {
		g.runVector(c, a, b, e, lo, hi)
		return
	}
	for u := lo; u < hi; u++ {
		i0, i1 := part(p.rows, p.rowSet, u/p.colSet)
		j0, j1 := part(p.cols, p.colSet, u%p.colSet)
		t := gemmBlock{g, p, i0 * panelA, min(i1*panelA, g.M), j0 * panelB, min(j1*panelB, g.N)}
		t.multiply(c, a, b, scratch)
		t.finish(c, e)
	}
}

// check panics if a slice is too short, since assembly would not notice. Of what
// is packed only the scratch is needed.
func (g Gemm) check(p gemmPlan, c, a, b, scratch []float32, e Epilogue) {
	_, _ = c[:g.M*g.N], scratch[:p.sizeB(g.K)+p.sizeA(g.K)]
	if !p.packA {
		_ = a[:g.M*g.K]
	}
	if !p.packB {
		_ = b[:g.K*g.N]
	}
	if e.Bias != nil {
		_ = e.Bias[:g.N]
	}
	if e.Residual != nil {
		_ = e.Residual[:g.M*g.N]
	}
}

// part cuts n things into sets and returns the bounds of set i.
func part(n, sets, i int) (lo, hi int) { return n * i / sets, n * (i + 1) / sets }

// gemmBlock is the piece of C with the rows [i0,i1) and columns [j0,j1).
type gemmBlock struct {
	Gemm
	gemmPlan
	i0, i1, j0, j1 int
}

func (t *gemmBlock) multiply(c, a, b, scratch []float32) {
	if t.K == 0 {
		if t.Accumulate {
			return
		}
		for i := t.i0; i < t.i1; i++ {
			clear(c[i*t.N+t.j0 : i*t.N+t.j1])
		}
		return
	}
	pa := scratch[t.sizeB(t.K):]
	blocks := ceil(t.K, blockK)
	for i := range blocks {
		k, end := part(t.K, blocks, i)
		kn := end - k
		load := k > 0 || t.Accumulate
		for j := t.j0; j < t.j1; j += active.tileCols {
			n := min(active.tileCols, t.j1-j)
			bs, ldb := t.panelOfB(b, scratch, j, k)
			for i := t.i0; i < t.i1; i += active.tileRows {
				m := min(active.tileRows, t.i1-i)
				as, ars, aks := t.panelOfA(a, pa, i, k)
				active.tile(c[i*t.N+j:], as, bs, t.N, ars, aks, ldb, m, n, kn, load)
			}
		}
	}
}

// panelOfB returns op(B) from element [k,j] on, and the distance of its rows.
func (t *gemmBlock) panelOfB(b, scratch []float32, j, k int) ([]float32, int) {
	if !t.packB {
		return b[k*t.N+j:], t.N
	}
	return scratch[j/panelB*panelB*t.K+k*panelB+j%panelB:], panelB
}

// panelOfA returns op(A) from element [i,k] on, and the distances of its rows and columns.
func (t *gemmBlock) panelOfA(a, packed []float32, i, k int) (as []float32, ars, aks int) {
	switch {
	case t.packA:
		return packed[i/panelA*panelA*t.K+k*panelA+i%panelA:], 1, panelA
	case t.TransA:
		return a[k*t.M+i:], 1, t.M
	}
	return a[i*t.K+k:], t.K, 1
}

// finish applies the epilogue while the block is still in the cache.
func (t *gemmBlock) finish(c []float32, e Epilogue) {
	if t.i0 >= t.i1 || t.j0 >= t.j1 {
		return
	}
	if e.Bias != nil {
		y, bias := c[t.i0*t.N+t.j0:], e.Bias[t.j0:t.j1]
		if e.Act == ActRelu && e.Residual == nil {
			active.addReluRows(y, y, bias, t.i1-t.i0, t.N)
			return
		}
		active.addRows(y, y, bias, t.i1-t.i0, t.N)
	}
	if e.Residual == nil && e.Act == ActNone {
		return
	}
	for i := t.i0; i < t.i1; i++ {
		r := c[i*t.N+t.j0 : i*t.N+t.j1]
		if e.Residual != nil {
			active.add(r, r, e.Residual[i*t.N+t.j0:i*t.N+t.j1])
		}
		if e.Act != ActNone {
			active.act[e.Act](r, r, e.Alpha)
		}
	}
}

func tileGeneric(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool) {
	for i := range m {
		r := c[i*ldc : i*ldc+n]
		if !load {
			clear(r)
		}
		for l := range k {
			v := a[i*ars+l*aks]
			for j, w := range b[l*ldb : l*ldb+n] {
				r[j] = fma(v, w, r[j])
			}
		}
	}
}
