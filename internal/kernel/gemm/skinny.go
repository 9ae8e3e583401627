package gemm

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// vectorUnit is how many results of a vector times a matrix are a unit.
const vectorUnit = 128

// columns is the product of a vector and a matrix that has its rows along the
// result: M = 1 with B as it is, or N = 1 with A transposed.
func (t *gemmBlock) gemv() {
	n, w, x := t.N, t.b, t.a[:t.K]
	i, end := t.j0, t.j1
	if t.N == 1 {
		n, w, x = t.M, t.a, t.b[:t.K]
		i, end = t.i0, t.i1
	}
	active.gemv(t.c[i:end], w[i:], x, n, t.Accumulate)
}

// crossed multiplies a few rows of A with B transposed, which needs no packing.
func (t *gemmBlock) crossed() {
	t.crossRows(t.c[t.j0:], t.a, t.b[t.j0*t.K:], t.N, t.M, t.j1-t.j0, t.Accumulate, t.end.at(0, t.j0, t.N))
}

// crossRows is C[m,n] = A[m,K]·B[n,K]ᵀ for rows of C ldc apart.
func (t *gemmBlock) crossRows(c, a, b []float32, ldc, m, n int, load bool, end TileEpilogue) {
	if t.staged {
		t.crossStaged(c, a, b, ldc, m, n, load, end)
		return
	}
	if m == 1 && n < 16 && (end.bias == nil || end.residual == nil) {
		t.few(c, a, b, n, load, end)
		return
	}
	sets := cut.Ceil(m, active.crossRows)
	for s := range sets {
		i, next := cut.Part(m, sets, s)
		active.cross(c[i*ldc:], a[i*t.K:], b, ldc, t.K, t.K, next-i, n, t.K, load, end.at(i, 0, ldc))
	}
}

// few computes less than sixteen elements of a single row, as the columns of tiles one
// wide: so they go side by side, where a cross would do eight and then the rest.
func (t *gemmBlock) few(c, x, b []float32, n int, load bool, end TileEpilogue) {
	if end.bias != nil {
		end.bias, end.residual = nil, end.bias // lies along the column
	}
	sets := cut.Ceil(n, active.tileRows)
	for s := range sets {
		j, next := cut.Part(n, sets, s)
		active.tile(c[j:], b[j*t.K:], x, 1, t.K, 1, 1, next-j, 1, t.K, load, end.at(j, 0, 1))
	}
}

// crossStaged does the same by way of copies of some rows and columns of B.
func (t *gemmBlock) crossStaged(c, a, b []float32, ldc, m, n int, load bool, end TileEpilogue) {
	stage := t.scratch[t.packedB+(t.unit+1)*t.own-stageRows*stageGap:][:stageRows*stageGap]
	sets := cut.Ceil(m, active.crossRows)
	for j := 0; j < n; j += stageRows {
		w := min(stageRows, n-j)
		for k := 0; k < t.K; k += stageCols {
			active.copyRows(stage, b[j*t.K+k:], w, stageGap, t.K)
			var e TileEpilogue
			if k+stageCols == t.K {
				e = end.at(0, j, ldc)
			}
			for s := range sets {
				i, next := cut.Part(m, sets, s)
				active.cross(c[i*ldc+j:], a[i*t.K+k:], stage, ldc, t.K, stageGap, next-i, w, stageCols, load || k > 0, e.at(i, 0, ldc))
			}
		}
	}
}

// tall computes Cᵀ, whose few rows are as long as C is high, strip by strip.
func (t *gemmBlock) tall() {
	b := t.b
	if t.packB {
		b = t.scratch
	}
	if t.N == 1 {
		t.crossRows(t.c[t.i0:], b, t.a[t.i0*t.K:], t.M, 1, t.i1-t.i0, t.Accumulate, TileEpilogue{})
		return
	}
	strip := t.scratch[t.packedB+t.unit*t.own:][:t.N*tallStrip]
	for i := t.i0; i < t.i1; i += tallStrip {
		w := min(tallStrip, t.i1-i)
		c := t.c[i*t.N:]
		if t.Accumulate {
			vec.Transpose(strip, c, t.N, w, tallStrip, t.N)
		}
		switch {
		case t.TransA && t.staged:
			t.stripStaged(strip, i, w)
		case t.TransA:
			t.stripOfColumns(strip, b, i, w)
		default:
			t.crossRows(strip, b, t.a[i*t.K:], tallStrip, t.N, w, t.Accumulate, TileEpilogue{})
		}
		vec.Transpose(c, strip, w, t.N, t.N, tallStrip)
	}
}

// stripDepth is at most how many k of a strip are taken at a time: lines of A that lie pages apart must fit into the
// second-level cache until all rows of the strip have met them.
const stripDepth = 512

// stripOfColumns computes a strip of w elements from i on for A [K,M].
func (t *gemmBlock) stripOfColumns(strip, b []float32, i, w int) {
	brs, bks := 1, t.N
	if t.TransB {
		brs, bks = t.K, 1
	}
	blocks := cut.Ceil(t.K, stripDepth)
	for n := range blocks {
		k, next := cut.Part(t.K, blocks, n)
		for h := 0; h < w; h += active.tileCols {
			n := min(active.tileCols, w-h)
			for j := 0; j < t.N; j += active.tileRows {
				m := min(active.tileRows, t.N-j)
				active.tile(strip[j*tallStrip+h:], b[j*brs+k*bks:], t.a[k*t.M+i+h:], tallStrip, brs, bks, t.M, m, n, next-k, k > 0 || t.Accumulate, TileEpilogue{})
			}
		}
	}
}

// stripStaged does the same with a packed B, and copies lines of A together first.
func (t *gemmBlock) stripStaged(strip []float32, i, w int) {
	stage := t.scratch[t.packedB+t.unit*t.own+t.N*tallStrip:][:stripStage*active.tileCols]
	wide, high := active.tileCols, active.tileRows
	p := Tiles{Segs: Unbroken, Ars: 1, Aks: high, Ldb: wide, Ldc: tallStrip, AStep: high * t.K, CStep: high * tallStrip}
	full, rest := t.N/high, t.N%high
	for k := 0; k < t.K; k += stripStage {
		p.Length, p.Load = min(stripStage, t.K-k), k > 0 || t.Accumulate
		for h := 0; h < w; h += wide {
			p.N = min(wide, w-h)
			active.packColumns(stage, t.a[k*t.M+i+h:], p.N, p.Length, t.M, wide)
			if p.Reps = full; full > 0 {
				active.brgemm(strip[h:], t.scratch[k*high:], stage, high, p, TileEpilogue{})
			}
			if p.Reps = 1; rest > 0 {
				j := full * high
				active.brgemm(strip[j*tallStrip+h:], t.scratch[j*t.K+k*high:], stage, rest, p, TileEpilogue{})
			}
		}
	}
}

// Cross multiplies m rows of a with n of b, k elements each, as a crossFunc does; the epilogue is left out.
func Cross(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool) {
	active.cross(c, a, b, ldc, ars, ldb, m, n, k, load, TileEpilogue{})
}

// crossGeneric is a tile for a B that lies across.
func crossGeneric(c, a, b []float32, ldc, ars, ldb, m, n, k int, load bool, _ TileEpilogue) {
	for i := range m {
		x := a[i*ars : i*ars+k]
		r := c[i*ldc : i*ldc+n]
		for j := range r {
			s := float32(0)
			if load {
				s = r[j]
			}
			for l, u := range b[j*ldb : j*ldb+k] {
				s = scalar.FMA(x[l], u, s)
			}
			r[j] = s
		}
	}
}

// copyRowsGeneric copies the first stageCols elements of some rows.
func copyRowsGeneric(dst, src []float32, rows, ldd, lds int) {
	for i := range rows {
		copy(dst[i*ldd:i*ldd+stageCols], src[i*lds:])
	}
}

// Gemv is y[j] = Σ_k x[k]·w[k·ld+j] (+ y[j] if load), chains of fma over ascending k.
func Gemv(y, w, x []float32, ld int, load bool) { active.gemv(y, w, x, ld, load) }

// gemvGeneric is y[j] = Σ_k x[k]·w[k·ld+j] (+ y[j] if load), chains of fma
// over ascending k.
func gemvGeneric(y, w, x []float32, ld int, load bool) {
	if !load {
		clear(y)
	}
	for k, v := range x {
		for j, u := range w[k*ld : k*ld+len(y)] {
			y[j] = scalar.FMA(v, u, y[j])
		}
	}
}
