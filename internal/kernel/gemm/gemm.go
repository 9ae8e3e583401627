// Package gemm multiplies matrices, and has the register tiles that convolutions, recurrent nets and attention are made of.
package gemm

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/vec"
)

// Gemm describes C[M,N] = op(A)·op(B), plus C if Accumulate, then an Epilogue. All
// matrices are row-major without gaps. TransA: A is stored as [K,M]. TransB: B is
// stored as [N,K].
//
// Every element is one chain over ascending k,
//
//	acc = fma(a_ik, b_kj, acc),
//
// from 0, or from C if Accumulate, so its bits do not depend on tiling. N, M and K
// may be 0; K = 0 leaves 0 or C for the epilogue.
//
// The work has two phases. In the first, Pack over [0,PackUnits()) copies parts of
// A and B into scratch, in the order the second phase reads them; PackUnits may be
// 0. After a barrier Run over [0,Units()) computes C. Within a phase units are
// independent and may be spread over threads in any way. Counts follow from the shape and the variant in use, scratch
// must be read by the variant that has filled it.
//
// The units that pack B come first, and fill the first scratch elements; the others pack A into what follows. Where B is
// the longer operand, units of the second phase that stand next to each other meet the same columns, so that a thread
// finds those that it has packed in its own cache.
type Gemm struct {
	M, N, K                    int
	TransA, TransB, Accumulate bool
}

// The largest register tiles of all variants. Packed panels of products are as wide (B) and as high (A) as the tile of the
// variant in use: one that is wider would be read in passes, each of which takes a part of what it fetches.
const (
	PanelB = 32
	PanelA = 12
)

// gemmKind is a way to compute a product.
type gemmKind uint8

const (
	tiled   gemmKind = iota // tiles of C, each from rows of op(B) and elements of op(A)
	gemv                    // a vector times a matrix with its rows along the result
	crossed                 // few rows of A meet a transposed B as it lies
	tall                    // few columns: Cᵀ is computed in strips, then turned
)

// gemmPlan is what Gemm derives from its shape.
type gemmPlan struct {
	kind                   gemmKind
	packA, packB           bool
	rows, cols             int // panels of A and of B
	rowPanel, colPanel     int // their size
	rowSet, colSet         int // into how many units rows and columns are cut
	packUnitsA, packUnitsB int // units that pack A and B
	packedB                int // scratch that B takes

	// Staged says that the long operand's rows lie at such a distance that sixteen
	// of them drive each other out of the first-level cache, or that lines of a deep one
	// do so in the second: then pieces of them are copied together first. That, and a strip
	// of Cᵀ, is a unit's own scratch.
	staged       bool
	own, scratch int // scratch of a unit of the second phase, and all of it
}

// A unit is at most so large.
const maxRows, maxCols = 240, 256

const (
	tallStrip = 32

	stageRows = 32
	stageCols = 128
	stageGap  = stageCols + 16 // so that rows begin in different sets of the cache

	stripStage = 256 // lines of a strip of A
	packLines  = 64  // lines of B that are packed at a time
)

func (g Gemm) plan() (p gemmPlan) {
	p.make(g)
	return p
}

// make fills in an empty plan, where it stands: with the smallest products, even to
// move it would count.
func (p *gemmPlan) make(g Gemm) {
	p.rowPanel, p.colPanel = active.tileRows, active.tileCols
	switch {
	case g.K == 0 || g.M == 0 || g.N == 0:
		p.rows, p.cols = min(g.M, 1), min(g.N, 1)
		p.rowPanel, p.colPanel = g.M, g.N
		p.rowSet, p.colSet = p.rows, p.cols
		return
	case g.M == 1 && !g.TransB, g.N == 1 && g.TransA:
		p.kind, p.rowPanel, p.colPanel = gemv, max(g.M, vectorUnit), max(g.N, vectorUnit)
		if g.M == 1 {
			p.colPanel = vectorUnit
		} else {
			p.rowPanel = vectorUnit
		}
	case g.N == 1 && g.M < 16: // tiles one wide, and B needs no packing
	case g.deep():
		p.kind, p.rowPanel, p.colPanel, p.packB, p.staged = tall, tallStrip, g.N, true, true
	case g.N == 1, g.N <= g.tallTo() && g.M >= 16 && g.M >= 2*g.N && g.K >= 16:
		p.kind, p.rowPanel, p.colPanel = tall, tallStrip, g.N
		p.packB = g.N > 1 && !g.TransA && !g.TransB
	case g.M == 1, g.TransB && !g.TransA && fewRows(g.M, g.N, g.K):
		p.kind, p.rowPanel = crossed, g.M
	default:
		p.packA, p.packB = g.packs()
	}
	p.rows, p.cols = cut.Ceil(g.M, p.rowPanel), cut.Ceil(g.N, p.colPanel)
	p.cut(g.K)
	if p.packA {
		p.packUnitsA = p.rows
	}
	switch {
	case p.packB && p.staged:
		p.packUnitsB, p.packedB = cut.Ceil(g.K, packLines), cut.Ceil(g.N, active.tileRows)*active.tileRows*g.K
	case p.packB:
		p.packUnitsB, p.packedB = p.cols, p.cols*p.colPanel*g.K
	}
	p.scratch = p.packedB + p.packUnitsA*active.tileRows*g.K
	if p.kind == tiled || p.kind == gemv {
		return
	}
	if p.kind == tall && g.N > 1 {
		p.own = g.N * tallStrip
	}
	switch {
	case p.staged:
		p.own += stripStage * active.tileCols
	case g.K%512 == 0 && (min(g.M, g.N) > 1 || !active.lineByLine) && (p.kind == crossed && g.N > 16 || p.kind == tall && !g.TransA && g.M > 16):
		p.staged, p.own = true, p.own+stageRows*stageGap
	}
	p.scratch += p.rowSet * p.colSet * p.own
}

// tallTo is the most columns that strips of Cᵀ are faster for than tiles of C, as measured. Where A lies across, strips go along
// its rows as they are, which a tile goes down or has packed first.
func (g Gemm) tallTo() int {
	switch {
	case g.TransA && active.tileRows < PanelA:
		return 64
	case g.TransA:
		return active.tileCols - 1
	case g.TransB:
		return 12
	}
	return 5
}

// deep is the gradient of a weight over many rows: lines of A, which tiles of C go down, lie too far apart even for the second-level
// cache, so strips of them are copied together block by block. Where B is wide, panels of A are read often enough to be packed.
func (g Gemm) deep() bool {
	return g.TransA && !g.TransB && g.K >= 512 && g.M >= 256 && g.N >= 16 && g.N <= 256
}

// fewRows says that there are so few rows that packing a B that lies across would
// not be repaid. A cross of nine to fifteen columns wastes too much.
func fewRows(m, n, k int) bool {
	return (m <= PanelA || m <= 3*PanelA && k >= 128) && (n <= 8 || n >= 16)
}

// packs weighs what packing costs against what it saves. B must be packed if it lies across, and is otherwise if it is read
// often: by many rows or, where it does not stay in the second-level cache, by some. A is read one element at a time and
// bears any distance of its rows, but where they are whole pages apart they drive each other out of the cache; low tiles take
// more passes over it. The gradient of a weight is where A lies across: its tiles go down columns, whose elements share no
// cache lines with the next k. The limits are measured.
func (g Gemm) packs() (a, b bool) {
	size := g.K * g.N
	b = g.TransB || g.M >= 96 && size > 128<<10 || g.M >= 1024 && size >= 64<<10 || g.M >= 48 && size > 2<<20
	if low := active.tileRows < PanelA; low {
		switch {
		case g.TransA:
			a = g.N > 64 && g.K*g.M > 16<<10
		case g.K%1024 == 0:
			a = g.N > 64
		default:
			a = g.M > maxRows && g.N > 256 && g.K > 64
		}
		return a, b || g.M >= 96 && g.N >= 128 && size >= 16<<10
	}
	b = b || g.M >= 128 && g.N >= 256 && g.K >= 100
	if g.TransA {
		return (g.M%1024 == 0 || g.M >= 192 && g.K >= 128) && g.N > 64, b
	}
	return g.K%1024 == 0 && g.N > 64 || !b && g.N > 256 && size > 1<<20, b
}

// cut chooses units that are small enough to share among threads and, when
// there is enough work, large enough to use what they load into the caches often.
func (p *gemmPlan) cut(k int) {
	const (
		wantUnits = 128     // for sharing among many threads
		minWork   = 1 << 17 // multiplications of a unit worth sharing
	)
	h, w := p.rowPanel, p.colPanel
	p.rowSet, p.colSet = 1, 1
	if p.rows*h > maxRows && p.rows > 1 {
		p.rowSet = cut.Ceil(p.rows, max(maxRows/h, 1))
	}
	if p.cols*w > maxCols && p.cols > 1 {
		p.colSet = cut.Ceil(p.cols, max(maxCols/w, 1))
	}
	r, c := cut.Ceil(p.rows, p.rowSet), cut.Ceil(p.cols, p.colSet)
	for r*c > 1 && r*h*c*w*k >= 2*minWork && p.rowSet*p.colSet < wantUnits {
		if r*h >= c*w && r > 1 || c == 1 {
			p.rowSet = cut.Ceil(p.rows, (r+1)/2)
			r = cut.Ceil(p.rows, p.rowSet)
		} else {
			p.colSet = cut.Ceil(p.cols, (c+1)/2)
			c = cut.Ceil(p.cols, p.colSet)
		}
	}
}

// Flops is the number of floating-point operations, 2·M·N·K.
func (g Gemm) Flops() float64 { return 2 * float64(g.M) * float64(g.N) * float64(g.K) }

// Scratch is how many float32 of scratch Pack and Run share.
func (g Gemm) Scratch() int {
	p := g.plan()
	return p.scratch
}

// PackUnits is the number of units of the first phase.
func (g Gemm) PackUnits() int {
	p := g.plan()
	return p.packUnitsB + p.packUnitsA
}

// Units is the number of units of the second phase.
func (g Gemm) Units() int {
	p := g.plan()
	return p.rowSet * p.colSet
}

// Pack does the units [lo,hi) of the first phase: one panel each, stored as
// [K][tileCols] or [K][tileRows]; what a matrix does not fill of the last one is not
// touched, and never read. A narrow B is one panel stored as [N][K], and one that is to meet strips of A has panels
// [K][tileRows], of which a unit is some lines.
func (g Gemm) Pack(scratch, a, b []float32, lo, hi int) {
	if lo >= hi {
		return
	}
	p := g.plan()
	nb := p.packUnitsB
	if lo < min(hi, nb) {
		b = b[:g.K*g.N]
	}
	if max(lo, nb) < hi {
		a = a[:g.M*g.K]
	}
	wide, high := active.tileCols, active.tileRows
	switch {
	case p.kind == tall && p.staged:
		for u := lo; u < min(hi, nb); u++ {
			k, next := u*packLines, min((u+1)*packLines, g.K)
			for j := 0; j < g.N; j += high {
				active.packColumns(scratch[j*g.K+k*high:], b[k*g.N+j:], min(high, g.N-j), next-k, g.N, high)
			}
		}
		return
	case p.kind == tall:
		if lo < min(hi, nb) {
			vec.Transpose(scratch[:p.packedB], b, g.N, g.K, g.K, g.N)
		}
		return
	}
	for u := lo; u < min(hi, nb); u++ {
		dst := scratch[u*wide*g.K : (u+1)*wide*g.K]
		j, n := u*wide, min(wide, g.N-u*wide)
		if g.TransB {
			vec.Transpose(dst, b[j*g.K:], g.K, n, wide, g.K)
		} else {
			active.packColumns(dst, b[j:], n, g.K, g.N, wide)
		}
	}
	scratch = scratch[p.packedB:]
	for u := max(lo, nb) - nb; u < hi-nb; u++ {
		dst := scratch[u*high*g.K : (u+1)*high*g.K]
		i, m := u*high, min(high, g.M-u*high)
		if g.TransA {
			active.packColumns(dst, a[i:], m, g.K, g.M, high)
		} else {
			vec.Transpose(dst, a[i*g.K:], g.K, m, high, g.K)
		}
	}
}

// PackColumns copies the first n ≤ width elements of k lines, ld apart, to dst [k][width], where width is that of a panel, or its height.
func PackColumns(dst, src []float32, n, k, ld, width int) {
	active.packColumns(dst, src, n, k, ld, width)
}

// packColumnsGeneric copies the first n elements of k lines, ld apart, to dst [k][width].
func packColumnsGeneric(dst, src []float32, n, k, ld, width int) {
	for i := range k {
		copy(dst[i*width:i*width+n], src[i*ld:])
	}
}
