package kernel

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
// independent and may be spread over threads in any way. All counts follow from
// the shape alone.
//
// The units [0,PackUnitsB()) pack B into the first scratch elements, the
// others A into what follows: if one operand stays the same from call to call and
// its part of scratch is kept, its units need not run again.
type Gemm struct {
	M, N, K                    int
	TransA, TransB, Accumulate bool
}

// Epilogue is what Run does with the finished sums, in this order. The zero value
// does nothing.
type Epilogue struct {
	Bias     []float32 // [N] or nil: added to every row
	Residual []float32 // [M,N] or nil: added
	Act      Act       // applied last
	Alpha    float32   // Act's parameter
}

// Packed panels are as wide (B) and as high (A) as the largest register tile; a
// smaller tile uses a part of one.
const (
	panelB = 32
	panelA = 12
)

// gemmPlan is what Gemm derives from its shape.
type gemmPlan struct {
	packA, packB   bool
	rows, cols     int // panels of A and of B
	rowSet, colSet int // into how many units rows and columns are cut
}

func (g Gemm) plan() gemmPlan {
	p := gemmPlan{rows: ceil(g.M, panelA), cols: ceil(g.N, panelB)}
	switch {
	case g.K == 0 || g.M == 0 || g.N == 0:
		p.rowSet, p.colSet = min(p.rows, 1), min(p.cols, 1)
		return p
	case g.vector():
		p.rowSet, p.colSet = 1, ceil(g.M*g.N, vectorUnit)
		return p
	}
	p.packA, p.packB = g.packs()
	p.cut(g.K)
	return p
}

// packs weighs what packing costs against what it saves. B must be packed if it
// lies across, and is otherwise if it is large and read often. A is read one
// element at a time and bears any distance of its rows, but where they are
// whole pages apart they drive each other out of the cache.
func (g Gemm) packs() (a, b bool) {
	b = g.TransB || (g.M > 4*panelA && g.K*g.N > 16<<10)
	switch {
	case g.TransA:
		a = g.N > 2*panelB && g.K*g.M > 16<<10
	case g.K%1024 == 0:
		a = g.N > 2*panelB
	default:
		a = g.N > 8*panelB && g.K > 64
	}
	return a, b
}

// cut chooses units that are small enough to share among threads and, when
// there is enough work, large enough to use what they load into the caches often.
func (p *gemmPlan) cut(k int) {
	const (
		maxRows, maxCols = 20, 8   // panels: 240 rows, 256 columns
		wantUnits        = 128     // for sharing among many threads
		minWork          = 1 << 19 // multiplications of a unit worth sharing
	)
	p.rowSet, p.colSet = ceil(p.rows, maxRows), ceil(p.cols, maxCols)
	for p.rowSet*p.colSet < wantUnits {
		r, c := ceil(p.rows, p.rowSet), ceil(p.cols, p.colSet)
		if r*c == 1 || r*panelA*c*panelB*k < 2*minWork {
			return
		}
		if r*panelA >= c*panelB && r > 1 || c == 1 {
			p.rowSet = ceil(p.rows, (r+1)/2)
		} else {
			p.colSet = ceil(p.cols, (c+1)/2)
		}
	}
}

func ceil(a, b int) int { return (a + b - 1) / b }

// Flops is the number of floating-point operations, 2·M·N·K.
func (g Gemm) Flops() float64 { return 2 * float64(g.M) * float64(g.N) * float64(g.K) }

// Scratch is how many float32 of scratch Pack and Run share.
func (g Gemm) Scratch() int {
	p := g.plan()
	return p.sizeB(g.K) + p.sizeA(g.K)
}

func (p gemmPlan) sizeB(k int) int {
	if !p.packB {
		return 0
	}
	return p.cols * panelB * k
}

func (p gemmPlan) sizeA(k int) int {
	if !p.packA {
		return 0
	}
	return p.rows * panelA * k
}

// PackUnits is the number of units of the first phase.
func (g Gemm) PackUnits() int {
	p := g.plan()
	n := p.unitsB()
	if p.packA {
		n += p.rows
	}
	return n
}

// PackUnitsB is how many of them, the first ones, pack B.
func (g Gemm) PackUnitsB() int { return g.plan().unitsB() }

func (p gemmPlan) unitsB() int {
	if !p.packB {
		return 0
	}
	return p.cols
}

// Units is the number of units of the second phase.
func (g Gemm) Units() int {
	p := g.plan()
	return p.rowSet * p.colSet
}

// Pack does the units [lo,hi) of the first phase: one panel each, stored as
// [K][panelB] or [K][panelA]; what a matrix does not fill of the last one is not
// touched, and never read.
func (g Gemm) Pack(scratch, a, b []float32, lo, hi int) {
	p := g.plan()
	nb := p.unitsB()
	if lo < min(hi, nb) {
		b = b[:g.K*g.N]
	}
	if max(lo, nb) < hi {
		a = a[:g.M*g.K]
	}
	for u := lo; u < min(hi, nb); u++ {
		dst := scratch[u*panelB*g.K : (u+1)*panelB*g.K]
		j, n := u*panelB, min(panelB, g.N-u*panelB)
		if g.TransB {
			active.transpose(dst, b[j*g.K:], g.K, n, panelB, g.K)
		} else {
			active.packColumns(dst, b[j:], n, g.K, g.N, panelB)
		}
	}
	scratch = scratch[p.sizeB(g.K):]
	for u := max(lo, nb) - nb; u < hi-nb; u++ {
		dst := scratch[u*panelA*g.K : (u+1)*panelA*g.K]
		i, m := u*panelA, min(panelA, g.M-u*panelA)
		if g.TransA {
			active.packColumns(dst, a[i:], m, g.K, g.M, panelA)
		} else {
			active.transpose(dst, a[i*g.K:], g.K, m, panelA, g.K)
		}
	}
}

// packColumnsGeneric copies the first n elements of k lines, ld apart, to dst [k][width].
func packColumnsGeneric(dst, src []float32, n, k, ld, width int) {
	for i := range k {
		copy(dst[i*width:i*width+n], src[i*ld:])
	}
}
