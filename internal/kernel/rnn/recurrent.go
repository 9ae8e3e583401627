// Package rnn takes recurrent nets through whole sequences.
package rnn

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/gemm"
	"dnn/internal/kernel/integer"
	"dnn/internal/kernel/vec"
)

// Recurrent is the shape of one layer of a recurrent net that goes through whole
// sequences in one direction: Rows sequences of Steps steps with Units hidden units,
// for each of which Gates sums are taken at every step. In the matrices a step of
// products is [Gates][Units], and the weights of the hidden state are
// w [Gates·Units, Units], as PyTorch lays them.
//
// Rows do not meet, so the work is cut into blocks of rows that go through all steps
// on their own; the weights are packed once, before. Pack over [0,PackUnits(back)),
// a barrier, then RNN, LSTM, GRU or one of their gradients over [0,Blocks()).
//
// Where there are Lengths, row i has Lengths[i] valid steps, at least 0 and at most
// Steps; results beyond are 0, and nothing is read there. Reverse goes from the last
// valid step to the first. Either way the bits of a row depend neither on what lies
// beyond its end nor on other rows.
type Recurrent struct {
	Rows, Steps, Units, Gates int
	Reverse                   bool
}

// Sequences are what all kinds of recurrent nets may be given.
type Sequences struct {
	H0      []float32 // [Rows,Units]: hidden state before the first step; nil: zeros
	Mask    []float32 // [Rows,Units]: multiplies the hidden state before w does; nil: ones
	Lengths []int32   // [Rows]: valid steps; nil: all
	Integers
}

// Blocks of rows are low, so that there are enough of them to share, unless the
// weights exceed the second-level cache: then they should be read less often.
const (
	lowBlock   = 8
	highBlock  = 24
	largePanel = 1 << 18 // elements of w
	rowGap     = 16      // between rows of local memory, lest they share sets of the cache
)

func (r Recurrent) blockRows() int {
	if r.Gates*r.Units*r.Units > largePanel {
		return highBlock
	}
	return lowBlock
}

// Blocks is the number of units of work.
func (r Recurrent) Blocks() int { return cut.Ceil(r.Rows, r.blockRows()) }

// panels are w as tiles read it: [K][gemm.TileCols()] for each gemm.TileCols() of N columns.
type panels struct {
	k, n   int
	packed []float32
	Integers
	parts [2]integer.Product // of integers
	xs, q []float32          // what they meet: scales, and quantized rows
}

// panels are wᵀ for the way forward and w for the way back.
func (r Recurrent) panels(back bool) panels {
	if back {
		return panels{k: r.Gates * r.Units, n: r.Units}
	}
	return panels{k: r.Units, n: r.Gates * r.Units}
}

// PackUnits is how many units Pack has.
func (r Recurrent) PackUnits(back bool) int { return cut.Ceil(r.panels(back).n, gemm.TileCols()) }

// Packed is how many float32 Pack fills.
func (r Recurrent) Packed(back bool) int {
	return r.PackUnits(back) * gemm.TileCols() * r.panels(back).k
}

// Pack copies the panels [lo,hi) of w into packed, for the way forward or back.
func (r Recurrent) Pack(packed, w []float32, back bool, lo, hi int) {
	p := r.panels(back)
	w = w[:p.k*p.n]
	for u := lo; u < hi; u++ {
		dst := packed[u*gemm.TileCols()*p.k : (u+1)*gemm.TileCols()*p.k]
		j, n := u*gemm.TileCols(), min(gemm.TileCols(), p.n-u*gemm.TileCols())
		if back {
			gemm.PackColumns(dst, w[j:], n, p.k, p.n, gemm.TileCols())
		} else {
			vec.Transpose(dst, w[j*p.k:], p.k, n, gemm.TileCols(), p.k)
		}
	}
}

// Mul is c[i,j] = Σ a[i,k]·b[k0+k,j] (+ c[i,j] if load) for the rows of a, the columns
// [j0,j1) and k1-k0 elements, chains of fma over ascending k.
func (p *panels) mul(c, a []float32, ldc, lda, rows, j0, j1, k0, k1 int, load bool) {
	if p.Scales != nil {
		p.mul8(c, a, ldc, lda, rows, j0)
		return
	}
	width := gemm.TileCols()
	t := gemm.Tiles{Segs: gemm.Unbroken, Length: k1 - k0, Ars: lda, Aks: 1, Ldb: width, Ldc: ldc, Load: load}
	for j := j0; j < j1; {
		n := min(j1-j, width-j%width)
		t.Reps = 1
		t.Cover(c[j:], a, p.packed[j/width*width*p.k+k0*width+j%width:], rows, n, false, gemm.TileEpilogue{})
		j += n
	}
}

// products are those of step s on the way forward: z = met·wᵀ for some rows, which is
// nothing at first, where there is no state yet.
func (b *rowBlock) products(p *panels, z, met []float32, s, rows int, q *Sequences) {
	if s > 0 || q.H0 != nil {
		p.mul(z, met, b.wide(), b.ld(), rows, 0, p.n, 0, p.k, false)
		return
	}
	for i := range rows {
		clear(z[i*b.wide():][:p.n])
	}
}

// rowBlock is a block of rows, those with the longest sequences first, so that the
// rows that have a step t are the first ones.
type rowBlock struct {
	Recurrent
	rows, longest int
	row, length   [highBlock]int
}

// block finds the rows of unit u.
func (r Recurrent) block(u int, lengths []int32) (b rowBlock) {
	lo, hi := cut.Part(r.Rows, r.Blocks(), u)
	b.Recurrent, b.rows = r, hi-lo
	for i := range b.rows {
		n := r.Steps
		if lengths != nil {
			n = min(max(int(lengths[lo+i]), 0), r.Steps)
		}
		at := i
		for ; at > 0 && b.length[at-1] < n; at-- {
			b.row[at], b.length[at] = b.row[at-1], b.length[at-1]
		}
		b.row[at], b.length[at] = lo+i, n
	}
	b.longest = b.length[0]
	return b
}

// time is the step that comes s-th, and how many rows have it.
func (b *rowBlock) time(s int, back bool) (t, rows int) {
	t = s
	if b.Reverse != back {
		t = b.longest - 1 - s
	}
	for rows = b.rows; rows > 0 && b.length[rows-1] <= t; rows-- {
	}
	return t, rows
}

// at is the place of step t of the block's i-th row among all steps of all rows.
func (b *rowBlock) at(i, t int) int { return b.row[i]*b.Steps + t }

// before returns the state [Units] that the block's i-th row had before step t: that of
// the step before in states, at the first step that of first, or zeros.
func (b *rowBlock) before(i, t int, states, first, zeros []float32) []float32 {
	n := b.Units
	switch {
	case !b.Reverse && t > 0:
		return cut.Span(states, b.at(i, t-1), n)
	case b.Reverse && t < b.length[i]-1:
		return cut.Span(states, b.at(i, t+1), n)
	case first != nil:
		return cut.Span(first, b.row[i], n)
	}
	return zeros[:n]
}

// load copies rows of x [Rows,Units] into rows of local memory; nil stands for zeros.
func (b *rowBlock) load(local, x []float32) {
	for i := range b.rows {
		dst := local[i*b.ld():][:b.Units]
		if x == nil {
			clear(dst)
		} else {
			copy(dst, cut.Span(x, b.row[i], b.Units))
		}
	}
}

// store copies them back, unless x is nil.
func (b *rowBlock) store(x, local []float32) {
	if x == nil {
		return
	}
	for i := range b.rows {
		copy(cut.Span(x, b.row[i], b.Units), local[i*b.ld():])
	}
}

// clearRest sets x [Rows,Steps,width] to 0 beyond the ends of the block's sequences.
func (b *rowBlock) clearRest(x []float32, width int) {
	for i := range b.rows {
		clear(x[b.at(i, b.length[i])*width : b.at(i, b.Steps)*width])
	}
}

// masked multiplies the first rows of x by the mask.
func (b *rowBlock) masked(dst, x, mask []float32, rows int) {
	for i := range rows {
		n := b.Units
		vec.Mul(dst[i*b.ld():][:n], x[i*b.ld():][:n], cut.Span(mask, b.row[i], n))
	}
}

// ld is the distance of rows of states in local memory, wide that of rows of products.
func (r Recurrent) ld() int   { return r.Units + rowGap }
func (r Recurrent) wide() int { return r.Gates*r.Units + rowGap }
