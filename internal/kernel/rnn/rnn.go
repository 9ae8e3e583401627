package rnn

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// RNN goes through the blocks [lo,hi) of
//
//	y_t = h_t = act(x_t + w·(h_t-1 ⊙ mask)),  last = h after the last step
//
// for act ActTanh or ActRelu, x and y [Rows,Steps,Units] and last [Rows,Units]. y may be
// x. packed is what Pack has filled, local memory of LocalRNN elements.
func (r Recurrent) RNN(y, last, x []float32, q Sequences, act vec.Act, packed, local []float32, lo, hi int) {
	p := r.forward(packed, q.Integers, &local)
	h, z := cut.Carve(&local, r.blockRows()*r.ld()), cut.Carve(&local, r.blockRows()*r.wide())
	met := h
	if q.Mask != nil {
		met = cut.Carve(&local, r.blockRows()*r.ld())
	}
	n, cell := r.Units, active.rnnTanh
	if act == vec.ActRelu {
		cell = active.rnnRelu
	}
	for u := lo; u < hi; u++ {
		b := r.block(u, q.Lengths)
		b.load(h, q.H0)
		b.clearRest(y, n)
		for s := range b.longest {
			t, rows := b.time(s, false)
			if q.Mask != nil {
				b.masked(met, h, q.Mask, rows)
			}
			b.products(&p, z, met, s, rows, &q)
			for i := range rows {
				at := b.at(i, t)
				cell(cut.Span(y, at, n), h[i*r.ld():][:n], cut.Span(x, at, n), z[i*r.wide():][:n])
			}
		}
		b.store(last, h)
	}
}

// RNNGradient is what RNNGrad computes, and from what.
type RNNGradient struct {
	DX, Met   []float32 // [Rows,Steps,Units]: gradient by x; what w was multiplied by, h_t-1 ⊙ mask
	DH0       []float32 // [Rows,Units], nil when not wanted
	DY, DLast []float32 // as y and last; nil where nothing flows
	Y         []float32
	Sequences
	Act vec.Act
}

// RNNGrad goes back through the blocks [lo,hi), where Pack was told to go back. With
// d = dy + what comes from later steps,
//
//	dx_t = d·act'(y_t),  d_t-1 = (dx_t·w) ⊙ mask
//
// The gradient by w is Σ dxᵀ·met over all rows and steps. Met may be Y or DY, and DX may be DY.
func (r Recurrent) RNNGrad(g *RNNGradient, packed, local []float32, lo, hi int) {
	p := r.panels(true)
	p.packed = packed
	carry, d := cut.Carve(&local, r.blockRows()*r.ld()), cut.Carve(&local, r.blockRows()*r.wide())
	zeros := cut.Carve(&local, r.Units)
	clear(zeros)
	n, cell := r.Units, active.rnnTanhGrad
	if g.Act == vec.ActRelu {
		cell = active.rnnReluGrad
	}
	for u := lo; u < hi; u++ {
		b := r.block(u, g.Lengths)
		b.load(carry, g.DLast)
		for s := range b.longest {
			t, rows := b.time(s, true)
			for i := range rows {
				at, row := b.at(i, t), d[i*r.wide():][:n]
				met := cut.Span(g.Met, at, n)
				cell(cut.Span(g.DX, at, n), row, met, orZeros(g.DY, at, zeros), carry[i*r.ld():][:n], cut.Span(g.Y, at, n), b.before(i, t, g.Y, g.H0, zeros))
				b.mask(met, i, g.Mask)
			}
			if s < b.longest-1 || g.DH0 != nil {
				p.mul(carry, d, r.ld(), r.wide(), rows, 0, n, 0, n, false)
				if g.Mask != nil {
					b.masked(carry, carry, g.Mask, rows)
				}
			}
		}
		b.store(g.DH0, carry)
		b.clearRest(g.DX, n)
		b.clearRest(g.Met, n)
	}
}

// mask multiplies the state of the block's i-th row by its mask, unless there is none.
func (b *rowBlock) mask(met []float32, i int, mask []float32) {
	if mask != nil {
		vec.Mul(met, met, cut.Span(mask, b.row[i], b.Units))
	}
}

// orZeros is the i-th piece of x as long as zeros, or zeros where x is nil.
func orZeros(x []float32, i int, zeros []float32) []float32 {
	if x == nil {
		return zeros
	}
	return cut.Span(x, i, len(zeros))
}

// LocalRNN, LocalLSTM and LocalGRU are how many float32 of local memory the nets and
// their gradients need at most.
func (r Recurrent) LocalRNN() int { return r.blockRows()*(2*r.ld()+r.wide()) + r.Units }

func rnnTanhGeneric(y, h, x, z []float32) {
	for j, v := range x {
		v = scalar.Tanh(v + z[j])
		y[j], h[j] = v, v
	}
}

func rnnReluGeneric(y, h, x, z []float32) {
	for j, v := range x {
		v = scalar.Relu(v + z[j])
		y[j], h[j] = v, v
	}
}

func rnnTanhGradGeneric(dx, d, met, dy, dh, y, before []float32) {
	for j, v := range y {
		v = scalar.TanhGrad(dy[j]+dh[j], v, 0)
		dx[j], d[j], met[j] = v, v, before[j]
	}
}

func rnnReluGradGeneric(dx, d, met, dy, dh, y, before []float32) {
	for j, v := range y {
		v = scalar.ReluGrad(dy[j]+dh[j], v, 0)
		dx[j], d[j], met[j] = v, v, before[j]
	}
}
