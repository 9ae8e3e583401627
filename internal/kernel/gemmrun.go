package kernel

import "unsafe"

// A tileFunc computes one register tile of C, m rows of n columns, over k steps:
//
//	for i < m, j < n: c[i·ldc+j] = Σ_k a[i·ars+k·aks]·b[k·ldb+j] (+ c[i·ldc+j] if load)
//
// as chains of fma over ascending k.
type tileFunc func(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, end tileEpilogue)

// A crossFunc is the same for rows of A without gaps in k and a transposed
// B, and for any n:
//
//	for i < m, j < n: c[i·ldc+j] = Σ_k a[i·ars+k]·b[j·ldb+k] (+ c[i·ldc+j] if load)
type crossFunc func(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, end tileEpilogue)

// A tileEpilogue is the part of an Epilogue that assembly applies to the sums of a
// tile before it stores them. The pointers, or nil, are to what meets the tile's
// first element; of gate only the sign counts, as for the gradient of relu.
// Portable loops ignore an epilogue. (Slices would take longer to pass than a small
// tile to compute.)
type tileEpilogue struct {
	bias, residual, gate *float32
	relu                 bool
}

// at is the epilogue of what lies i rows and j columns further on.
func (e tileEpilogue) at(i, j, ldc int) tileEpilogue {
	e.bias, e.residual, e.gate = further(e.bias, j), further(e.residual, i*ldc+j), further(e.gate, i*ldc+j)
	return e
}

func further(p *float32, n int) *float32 {
	if p == nil {
		return nil
	}
	return (*float32)(unsafe.Add(unsafe.Pointer(p), 4*n))
}

// splitEpilogue moves to end what tiles can apply, and leaves the rest for finish.
func (t *gemmBlock) splitEpilogue(e *Epilogue) {
	if e.Bias != nil {
		t.end.bias, e.Bias = &e.Bias[0], nil
	}
	if e.Residual != nil {
		t.end.residual, e.Residual = &e.Residual[0], nil
	}
	if e.Act == ActRelu {
		t.end.relu, e.Act = true, ActNone
	}
	if e.Act == ActNone && e.Grad == ActRelu {
		t.end.gate, e.Grad = &e.GradOf[0], ActNone
	}
}

// blockK is at most how many k a tile does before the next one begins. A panel
// of B and the rows that meet it should stay in the second-level cache; taking C
// up again costs more than what lower blocks would save.
const blockK = 1024

// Run computes the units [lo,hi) of C. scratch is what Pack has filled.
func (g Gemm) Run(c, a, b, scratch []float32, e Epilogue, lo, hi int) {
	t := gemmBlock{c: c, a: a, b: b, scratch: scratch}
	t.M, t.N, t.K, t.TransA, t.TransB, t.Accumulate = g.M, g.N, g.K, g.TransA, g.TransB, g.Accumulate
	t.make(g)
	t.check(&e)
	if active.epilogues && (t.kind == tiled || t.kind == crossed) && g.M*g.N*g.K > 0 {
		t.splitEpilogue(&e)
	}
	for u := lo; u < hi; u++ {
		t.unit = u
		i0, i1 := part(t.rows, t.rowSet, u/t.colSet)
		j0, j1 := part(t.cols, t.colSet, u%t.colSet)
		t.i0, t.i1, t.j0, t.j1 = i0*t.rowPanel, min(i1*t.rowPanel, g.M), j0*t.colPanel, min(j1*t.colPanel, g.N)
		switch {
		case g.K == 0:
			t.empty()
		case t.kind == gemv:
			t.gemv()
		case t.kind == crossed:
			t.crossed()
		case t.kind == tall:
			t.tall()
		default:
			t.tiled()
		}
		t.finish(&e)
	}
}

// part cuts n things into sets and returns the bounds of set i.
func part(n, sets, i int) (lo, hi int) {
	if sets == 1 {
		return 0, n
	}
	return n * i / sets, n * (i + 1) / sets
}

// gemmBlock is the piece of C with the rows [i0,i1) and columns [j0,j1).
type gemmBlock struct {
	Gemm
	gemmPlan
	c, a, b, scratch     []float32
	end                  tileEpilogue // for the tiles to apply
	unit, i0, i1, j0, j1 int
}

// check panics if a slice is too short, since assembly would not notice. Of what
// is packed only the scratch is needed.
func (t *gemmBlock) check(e *Epilogue) {
	_, _ = t.c[:t.M*t.N], t.scratch[:t.gemmPlan.scratch]
	if !t.packA {
		_ = t.a[:t.M*t.K]
	}
	if !t.packB {
		_ = t.b[:t.K*t.N]
	}
	if e.Bias != nil {
		_ = e.Bias[:t.N]
	}
	if e.Residual != nil {
		_ = e.Residual[:t.M*t.N]
	}
	if e.Grad != ActNone {
		_ = e.GradOf[:t.M*t.N]
	}
}

// empty is the sum over no k.
func (t *gemmBlock) empty() {
	if !t.Accumulate {
		clear(t.c[:t.M*t.N])
	}
}

func (t *gemmBlock) tiled() {
	packedA := t.scratch[t.packedB:]
	blocks := ceil(t.K, blockK)
	for i := range blocks {
		k, next := part(t.K, blocks, i)
		load, last := k > 0 || t.Accumulate, next == t.K
		for j := t.j0; j < t.j1; j += active.tileCols {
			n := min(active.tileCols, t.j1-j)
			bs, ldb := t.panelOfB(j, k)
			for i := t.i0; i < t.i1; i += active.tileRows {
				m := min(active.tileRows, t.i1-i)
				as, ars, aks := t.panelOfA(packedA, i, k)
				var end tileEpilogue
				if last {
					end = t.end.at(i, j, t.N)
				}
				active.tile(t.c[i*t.N+j:], as, bs, t.N, ars, aks, ldb, m, n, next-k, load, end)
			}
		}
	}
}

// panelOfB returns op(B) from element [k,j] on, and the distance of its rows.
func (t *gemmBlock) panelOfB(j, k int) ([]float32, int) {
	if !t.packB {
		return t.b[k*t.N+j:], t.N
	}
	return t.scratch[j/panelB*panelB*t.K+k*panelB+j%panelB:], panelB
}

// panelOfA returns op(A) from element [i,k] on, and the distances of its rows and columns.
func (t *gemmBlock) panelOfA(packed []float32, i, k int) (as []float32, ars, aks int) {
	switch {
	case t.packA:
		return packed[i/panelA*panelA*t.K+k*panelA+i%panelA:], 1, panelA
	case t.TransA:
		return t.a[k*t.M+i:], 1, t.M
	}
	return t.a[i*t.K+k:], t.K, 1
}

// finish applies the epilogue, or what is left of it, while the block is still in
// the cache.
func (t *gemmBlock) finish(e *Epilogue) {
	if e.Bias != nil {
		y, bias, m := t.c[t.i0*t.N+t.j0:], e.Bias[t.j0:t.j1], t.i1-t.i0
		switch {
		case t.N == 1:
			active.addScalar(y[:m], y[:m], bias[0])
		case e.Act == ActRelu && e.Residual == nil:
			t.toRows(active.addReluRows, y, bias, m)
			t.finishRows(e, nil, ActNone)
			return
		default:
			t.toRows(active.addRows, y, bias, m)
		}
	}
	t.finishRows(e, e.Residual, e.Act)
}

// toRows adds a bias to m rows of C, or more than adds.
func (t *gemmBlock) toRows(f func(dst, x, row []float32, rows, stride int), y, bias []float32, m int) {
	if len(bias) == t.N {
		addToRows(f, y, y, bias, m)
	} else {
		f(y, y, bias, m, t.N)
	}
}

// finishRows does the rest, row by row, or at once where there is nothing between rows.
func (t *gemmBlock) finishRows(e *Epilogue, residual []float32, act Act) {
	if residual == nil && act == ActNone && e.Grad == ActNone {
		return
	}
	rows, width := t.i1-t.i0, t.j1-t.j0
	if width == t.N {
		rows, width = 1, rows*width
	}
	for i := range rows {
		lo := (t.i0+i)*t.N + t.j0
		r := t.c[lo : lo+width]
		if residual != nil {
			active.add(r, r, residual[lo:lo+width])
		}
		if act != ActNone {
			active.act[act](r, r, e.Alpha)
		}
		if e.Grad != ActNone {
			active.actGrad[e.Grad](r, r, e.GradOf[lo:lo+width], e.GradAlpha)
		}
	}
}

func tileGeneric(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, _ tileEpilogue) {
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
