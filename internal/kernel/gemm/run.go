package gemm

import (
	"dnn/internal/kernel/cpu"
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/vec"
)

// A tileFunc computes one register tile of C, m rows of n columns, over k steps:
//
//	for i < m, j < n: c[i·ldc+j] = Σ_k a[i·ars+k·aks]·b[k·ldb+j] (+ c[i·ldc+j] if load)
//
// as chains of fma over ascending k.
type tileFunc func(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, end TileEpilogue)

// A crossFunc is the same for rows of A without gaps in k and a transposed
// B, and for any n:
//
//	for i < m, j < n: c[i·ldc+j] = Σ_k a[i·ars+k]·b[j·ldb+k] (+ c[i·ldc+j] if load)
type crossFunc func(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, end TileEpilogue)

// blockK is at most how many k a tile does before the next one begins: the rows of A that a unit has, and a panel of B,
// should stay in the second-level cache while tiles go down the unit. Lower blocks would save nothing, and C is taken up
// again for each.
var blockK = min(max(cpu.Caches().L2/2/(4*maxRows)&^63, 256), 1024)

// A C of so many elements or more that are sums up to shallow long is what moves, not A and B: then tiles go along its rows,
// which lie in one page, and what they need of B stays in the second-level cache. A smaller one stays in a cache itself.
const shallow = 128

var largeC = 8 << 20

// Run computes the units [lo,hi) of C. scratch is what Pack has filled.
func (g Gemm) Run(c, a, b, scratch []float32, e Epilogue, lo, hi int) {
	t := gemmBlock{c: c, a: a, b: b, scratch: scratch}
	t.M, t.N, t.K, t.TransA, t.TransB, t.Accumulate = g.M, g.N, g.K, g.TransA, g.TransB, g.Accumulate
	t.make(g)
	t.check(&e)
	if (t.kind == tiled || t.kind == crossed) && g.M*g.N*g.K > 0 {
		t.end = e.Split()
	}
	for u := lo; u < hi; {
		t.unit = u
		i, j, along := t.place(u, g.N > g.M)
		n := t.joined(i, j, along, hi-u)
		u += n
		i0, i1 := cut.Part(t.rows, t.rowSet, i)
		j0, j1 := cut.Part(t.cols, t.colSet, j)
		if along {
			_, j1 = cut.Part(t.cols, t.colSet, j+n-1)
		} else {
			_, i1 = cut.Part(t.rows, t.rowSet, i+n-1)
		}
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
		e.Finish(c, g.N, t.i0, t.i1, t.j0, t.j1)
	}
}

// place is that of a unit among the sets of rows and columns, and tells whether the next one is in the same rows, or else in the same columns.
func (p *gemmPlan) place(u int, wide bool) (i, j int, along bool) {
	if p.rowSet == 1 || !wide {
		return u / p.colSet, u % p.colSet, true
	}
	return u % p.rowSet, u / p.rowSet, false
}

// joined is how many of at most n units from a place on make one block: whoever does several at a time loads what they meet
// fewer times. A block is no larger than a unit may be.
func (p *gemmPlan) joined(i, j int, along bool, n int) int {
	switch {
	case p.kind != tiled:
		return 1
	case along:
		return min(n, p.colSet-j, max(1, maxCols*p.colSet/(p.cols*p.colPanel)))
	}
	return min(n, p.rowSet-i, max(1, maxRows*p.rowSet/(p.rows*p.rowPanel)))
}

// gemmBlock is the piece of C with the rows [i0,i1) and columns [j0,j1).
type gemmBlock struct {
	Gemm
	gemmPlan
	c, a, b, scratch     []float32
	end                  TileEpilogue // for the tiles to apply
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
	if e.Grad != vec.ActNone {
		_ = e.GradOf[:t.M*t.N]
	}
}

// empty is the sum over no k.
func (t *gemmBlock) empty() {
	if !t.Accumulate {
		clear(t.c[:t.M*t.N])
	}
}

// tiled computes the block in tiles, which go down its columns, or along its rows.
func (t *gemmBlock) tiled() {
	blocks := cut.Ceil(t.K, blockK)
	for n := range blocks {
		k, next := cut.Part(t.K, blocks, n)
		if t.K <= shallow && t.M*t.N >= largeC && t.j1-t.j0 > active.tileCols {
			t.along(k, next)
		} else {
			t.down(k, next)
		}
	}
}

// down adds the products of [k,next), tile below tile.
func (t *gemmBlock) down(k, next int) {
	p := t.product(k, next)
	p.AStep, p.CStep = active.tileRows, active.tileRows*t.N
	if t.packA || !t.TransA {
		p.AStep *= t.K
	}
	for j := t.j0; j < t.j1; j += active.tileCols {
		p.N = min(active.tileCols, t.j1-j)
		for i := t.i0; i < t.i1; i += p.Reps * active.tileRows {
			p.Reps = max((t.i1-i)/active.tileRows, 1)
			t.tiles(&p, i, j, k, next)
		}
	}
}

// along does the same, tile beside tile.
func (t *gemmBlock) along(k, next int) {
	p := t.product(k, next)
	p.BStep, p.CStep, p.BiasStep = active.tileCols, active.tileCols, active.tileCols
	if t.packB {
		p.BStep *= t.K
	}
	for i := t.i0; i < t.i1; i += active.tileRows {
		for j := t.j0; j < t.j1; j += p.Reps * active.tileCols {
			if p.Reps = 1; t.i1-i >= active.tileRows {
				p.Reps = max((t.j1-j)/active.tileCols, 1)
			}
			p.N = min(active.tileCols, t.j1-j)
			t.tiles(&p, i, j, k, next)
		}
	}
}

// product is what all tiles share.
func (t *gemmBlock) product(k, next int) Tiles {
	return Tiles{Segs: Unbroken, Length: next - k, Ldc: t.N, Load: k > 0 || t.Accumulate}
}

// tiles computes tiles from [i,j] on.
func (t *gemmBlock) tiles(p *Tiles, i, j, k, next int) {
	var a, b []float32
	a, p.Ars, p.Aks = t.panelOfA(i, k)
	b, p.Ldb = t.panelOfB(j, k)
	var end TileEpilogue
	if next == t.K {
		end = t.end.at(i, j, t.N)
	}
	m := min(active.tileRows, t.i1-i)
	if p.Reps == 1 {
		active.tile(t.c[i*t.N+j:], a, b, t.N, p.Ars, p.Aks, p.Ldb, m, p.N, p.Length, p.Load, end)
	} else {
		active.brgemm(t.c[i*t.N+j:], a, b, m, *p, end)
	}
}

// panelOfB returns op(B) from element [k,j] on, and the distance of its rows.
func (t *gemmBlock) panelOfB(j, k int) ([]float32, int) {
	if !t.packB {
		return t.b[k*t.N+j:], t.N
	}
	return t.scratch[j*t.K+k*active.tileCols:], active.tileCols
}

// panelOfA returns op(A) from element [i,k] on, and the distances of its rows and columns.
func (t *gemmBlock) panelOfA(i, k int) (as []float32, ars, aks int) {
	switch {
	case t.packA:
		return t.scratch[t.packedB+i*t.K+k*active.tileRows:], 1, active.tileRows
	case t.TransA:
		return t.a[k*t.M+i:], 1, t.M
	}
	return t.a[i*t.K+k:], t.K, 1
}

func tileGeneric(c, a, b []float32, ldc, ars, aks, ldb, m, n, k int, load bool, _ TileEpilogue) {
	t := Tiles{Segs: Unbroken, Length: k, Ars: ars, Aks: aks, Ldb: ldb, Ldc: ldc, N: n, Reps: 1, Load: load}
	brgemmGeneric(c, a, b, m, t, TileEpilogue{})
}
