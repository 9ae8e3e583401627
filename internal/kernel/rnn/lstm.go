package rnn

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/scalar"
)

// LSTMForward is what LSTM computes, and from what. Gates may be X.
type LSTMForward struct {
	Y, Cells       []float32 // [Rows,Steps,Units]: h and c after each step
	Gates          []float32 // [Rows,Steps,4·Units]: i, f, g and o, for the gradient
	Last, LastCell []float32 // [Rows,Units]: h and c after the last step
	X              []float32 // [Rows,Steps,4·Units]: what the inputs and biases add to the gates
	C0             []float32 // [Rows,Units] or nil: zeros
	Sequences
}

// LSTM goes through the blocks [lo,hi) of a long short-term memory (Hochreiter &
// Schmidhuber 1997, with the forget gate of Gers et al. 2000). With
// (a_i, a_f, a_g, a_o) = x_t + w·(h_t-1 ⊙ mask),
//
//	i = σ(a_i), f = σ(a_f), g = tanh(a_g), o = σ(a_o)
//	c_t = f·c_t-1 + i·g,  h_t = o·tanh(c_t)
//
// packed is what Pack has filled, local memory of LocalLSTM elements.
func (r Recurrent) LSTM(f *LSTMForward, packed, local []float32, lo, hi int) {
	p := r.forward(packed, f.Integers, &local)
	h, c := cut.Carve(&local, r.blockRows()*r.ld()), cut.Carve(&local, r.blockRows()*r.ld())
	z := cut.Carve(&local, r.blockRows()*r.wide())
	met := h
	if f.Mask != nil {
		met = cut.Carve(&local, r.blockRows()*r.ld())
	}
	n := r.Units
	for u := lo; u < hi; u++ {
		b := r.block(u, f.Lengths)
		b.load(h, f.H0)
		b.load(c, f.C0)
		for s := range b.longest {
			t, rows := b.time(s, false)
			if f.Mask != nil {
				b.masked(met, h, f.Mask, rows)
			}
			b.products(&p, z, met, s, rows, &f.Sequences)
			for i := range rows {
				at := b.at(i, t)
				active.lstm(cut.Span(f.Gates, at, 4*n), cut.Span(f.Cells, at, n), cut.Span(f.Y, at, n),
					h[i*r.ld():][:n], c[i*r.ld():][:n], cut.Span(f.X, at, 4*n), z[i*r.wide():][:4*n])
			}
		}
		b.store(f.Last, h)
		b.store(f.LastCell, c)
		b.clearRest(f.Y, n)
		b.clearRest(f.Cells, n)
		b.clearRest(f.Gates, 4*n)
	}
}

// LSTMGradient is what LSTMGrad computes, and from what. DX may be Gates, and Met may be
// Y, DY or Cells.
type LSTMGradient struct {
	DX                   []float32 // [Rows,Steps,4·Units]: gradient by x
	Met                  []float32 // [Rows,Steps,Units]: what w was multiplied by, h_t-1 ⊙ mask
	DH0, DC0             []float32 // [Rows,Units], nil when not wanted
	DY, DLast, DLastCell []float32 // as y, last and last cell; nil where nothing flows
	Gates, Cells         []float32
	Y, C0                []float32
	Sequences
}

// LSTMGrad goes back through the blocks [lo,hi), where Pack was told to go back. With
// d = dy + what comes from later steps, and v = tanh(c_t),
//
//	dc = dc of later steps + d·o·(1-v²)
//	dx_t = (dc·g·i(1-i), dc·c_t-1·f(1-f), dc·i·(1-g²), d·v·o(1-o))
//	d_t-1 = (dx_t·w) ⊙ mask,  dc_t-1 = dc·f
//
// The gradient by w is Σ dxᵀ·met over all rows and steps.
func (r Recurrent) LSTMGrad(g *LSTMGradient, packed, local []float32, lo, hi int) {
	p := r.panels(true)
	p.packed = packed
	carry, dc := cut.Carve(&local, r.blockRows()*r.ld()), cut.Carve(&local, r.blockRows()*r.ld())
	d, zeros := cut.Carve(&local, r.blockRows()*r.wide()), cut.Carve(&local, r.Units)
	clear(zeros)
	n := r.Units
	for u := lo; u < hi; u++ {
		b := r.block(u, g.Lengths)
		b.load(carry, g.DLast)
		b.load(dc, g.DLastCell)
		for s := range b.longest {
			t, rows := b.time(s, true)
			for i := range rows {
				at, row := b.at(i, t), d[i*r.wide():][:4*n]
				met := cut.Span(g.Met, at, n)
				active.lstmGrad(cut.Span(g.DX, at, 4*n), row, met, dc[i*r.ld():][:n], orZeros(g.DY, at, zeros), carry[i*r.ld():][:n],
					cut.Span(g.Gates, at, 4*n), cut.Span(g.Cells, at, n), b.before(i, t, g.Cells, g.C0, zeros), b.before(i, t, g.Y, g.H0, zeros))
				b.mask(met, i, g.Mask)
			}
			if s < b.longest-1 || g.DH0 != nil {
				p.mul(carry, d, r.ld(), r.wide(), rows, 0, n, 0, 4*n, false)
				if g.Mask != nil {
					b.masked(carry, carry, g.Mask, rows)
				}
			}
		}
		b.store(g.DH0, carry)
		b.store(g.DC0, dc)
		b.clearRest(g.DX, 4*n)
		b.clearRest(g.Met, n)
	}
}

// LocalLSTM: see LocalRNN.
func (r Recurrent) LocalLSTM() int { return r.blockRows()*(3*r.ld()+r.wide()) + r.Units }

func lstmGeneric(gates, cells, y, h, c, x, z []float32) {
	n := len(c)
	for j, old := range c {
		i := scalar.Sigmoid(x[j] + z[j])
		f := scalar.Sigmoid(x[n+j] + z[n+j])
		g := scalar.Tanh(x[2*n+j] + z[2*n+j])
		o := scalar.Sigmoid(x[3*n+j] + z[3*n+j])
		v := scalar.Mul(f, old) + scalar.Mul(i, g)
		u := scalar.Mul(o, scalar.Tanh(v))
		gates[j], gates[n+j], gates[2*n+j], gates[3*n+j] = i, f, g, o
		c[j], cells[j] = v, v
		h[j], y[j] = u, u
	}
}

func lstmGradGeneric(dx, d, met, dc, dy, dh, gates, cells, before, hidden []float32) {
	n := len(dc)
	for j, e := range dc {
		h := hidden[j]
		i, f, g, o := gates[j], gates[n+j], gates[2*n+j], gates[3*n+j]
		v, u := scalar.Tanh(cells[j]), dy[j]+dh[j]
		e += scalar.Mul(scalar.Mul(u, o), scalar.FMA(-v, v, 1))
		d[j] = scalar.SigmoidGrad(scalar.Mul(e, g), i, 0)
		d[n+j] = scalar.SigmoidGrad(scalar.Mul(e, before[j]), f, 0)
		d[2*n+j] = scalar.TanhGrad(scalar.Mul(e, i), g, 0)
		d[3*n+j] = scalar.SigmoidGrad(scalar.Mul(u, v), o, 0)
		dc[j], met[j] = scalar.Mul(e, f), h
	}
	copy(dx, d)
}
