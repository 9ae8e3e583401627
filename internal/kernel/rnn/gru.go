package rnn

import (
	"dnn/internal/kernel/cut"
	"dnn/internal/kernel/scalar"
	"dnn/internal/kernel/vec"
)

// GRUForward is what GRU computes, and from what. Gates may be X.
type GRUForward struct {
	Y     []float32 // [Rows,Steps,Units]: h after each step
	Gates []float32 // [Rows,Steps,3·Units]: r, z and n, for the gradient
	Q     []float32 // [Rows,Steps,Units]: what r multiplies, for the gradient
	Last  []float32 // [Rows,Units]: h after the last step
	X     []float32 // [Rows,Steps,3·Units]: what the inputs and their biases add to the gates
	Bias  []float32 // [3·Units] or nil: biases of the hidden state
	// ResetBefore lets r multiply the hidden state before w does.
	ResetBefore bool
	Sequences
}

// GRU goes through the blocks [lo,hi) of gated recurrent units. With s = h_t-1 ⊙ mask and
// three parts of w, bias and x_t,
//
//	r = σ(x_r + (w_r·s + b_r)),  z = σ(x_z + (w_z·s + b_z))
//	n = tanh(x_n + r·q),  q = w_n·s + b_n
//	h_t = (1-z)·n + z·h_t-1
//
// as in PyTorch, or, with ResetBefore, as in Cho et al. 2014, where q = r·s:
//
//	n = tanh(x_n + (w_n·q + b_n))
//
// packed is what Pack has filled, local memory of LocalGRU elements.
func (r Recurrent) GRU(f *GRUForward, packed, local []float32, lo, hi int) {
	p := r.forward(packed, f.Integers, &local)
	n := r.Units
	h, z := cut.Carve(&local, r.blockRows()*r.ld()), cut.Carve(&local, r.blockRows()*r.wide())
	met, q := h, []float32(nil)
	if f.Mask != nil {
		met = cut.Carve(&local, r.blockRows()*r.ld())
	}
	if f.ResetBefore {
		q = cut.Carve(&local, r.blockRows()*r.ld())
	}
	bias := f.Bias
	if bias == nil {
		bias = cut.Carve(&local, 3*n)
		clear(bias)
	}
	for u := lo; u < hi; u++ {
		b := r.block(u, f.Lengths)
		b.load(h, f.H0)
		for s := range b.longest {
			t, rows := b.time(s, false)
			if f.Mask != nil {
				b.masked(met, h, f.Mask, rows)
			}
			if f.ResetBefore {
				b.gruBefore(f, &p, h, met, z, q, bias, t, rows)
				continue
			}
			b.products(&p, z, met, s, rows, &f.Sequences)
			for i := range rows {
				at := b.at(i, t)
				active.gru(cut.Span(f.Gates, at, 3*n), cut.Span(f.Q, at, n), cut.Span(f.Y, at, n), h[i*r.ld():][:n],
					cut.Span(f.X, at, 3*n), z[i*r.wide():][:3*n], bias)
			}
		}
		b.store(f.Last, h)
		b.clearRest(f.Y, n)
		b.clearRest(f.Gates, 3*n)
		b.clearRest(f.Q, n)
	}
}

// gruBefore is one step of GRU with ResetBefore: the third part of w has to wait for r.
func (b *rowBlock) gruBefore(f *GRUForward, p *panels, h, met, z, q, bias []float32, t, rows int) {
	n, ld, wide := b.Units, b.ld(), b.wide()
	p.mul(z, met, wide, ld, rows, 0, 2*n, 0, n, false)
	for i := range rows {
		at, zi, qi := b.at(i, t), z[i*wide:][:2*n], q[i*ld:][:n]
		gates := cut.Span(f.Gates, at, 3*n)
		vec.Add(zi, zi, bias[:2*n])
		vec.Add(zi, cut.Span(f.X, at, 3*n)[:2*n], zi)
		vec.Activate(gates[:2*n], zi, vec.ActSigmoid, 0)
		vec.Mul(qi, gates[:n], met[i*ld:][:n])
		copy(cut.Span(f.Q, at, n), qi)
	}
	p.mul(z, q, wide, ld, rows, 2*n, 3*n, 0, n, false)
	for i := range rows {
		at, zi, hi := b.at(i, t), z[i*wide+2*n:][:n], h[i*ld:][:n]
		gates, rest := cut.Span(f.Gates, at, 3*n), z[i*wide:][:n]
		vec.Add(zi, zi, bias[2*n:])
		vec.Add(zi, cut.Span(f.X, at, 3*n)[2*n:], zi)
		vec.Activate(gates[2*n:], zi, vec.ActTanh, 0)
		vec.Neg(rest, gates[n:2*n])
		vec.AddScalar(rest, rest, 1)
		vec.Mul(rest, rest, gates[2*n:])
		vec.Mul(hi, gates[n:2*n], hi)
		vec.Add(hi, rest, hi)
		copy(cut.Span(f.Y, at, n), hi)
	}
}

// GRUGradient is what GRUGrad computes, and from what. DX may be Gates, and Met may be Y
// or DY.
type GRUGradient struct {
	DX        []float32 // [Rows,Steps,3·Units]: gradient by x
	DH        []float32 // [Rows,Steps,3·Units]: gradient by w·met + b; nil with ResetBefore, where it is DX
	Met       []float32 // [Rows,Steps,Units]: what w was multiplied by, h_t-1 ⊙ mask
	DH0       []float32 // [Rows,Units], nil when not wanted
	DY, DLast []float32 // as y and last; nil where nothing flows
	Gates, Q  []float32
	Y         []float32

	ResetBefore bool
	Sequences
}

// GRUGrad goes back through the blocks [lo,hi), where Pack was told to go back. With
// d = dy + what comes from later steps,
//
//	dn = d·(1-z)·(1-n²), dz = d·(h_t-1 - n)·z(1-z), dr = dn·q·r(1-r), dq = dn·r
//	dx_t = (dr, dz, dn), dh_t = (dr, dz, dq)
//	d_t-1 = d·z + (dh_t·w) ⊙ mask
//
// and with ResetBefore dq = dn·w_n, dr = dq·s·r(1-r),
//
//	d_t-1 = d·z + (dq·r + dr·w_r + dz·w_z) ⊙ mask
//
// The gradient by w is Σ dhᵀ·met over all rows and steps; with ResetBefore that by w_n is
// Σ dnᵀ·q.
func (r Recurrent) GRUGrad(g *GRUGradient, packed, local []float32, lo, hi int) {
	p := r.panels(true)
	p.packed = packed
	n, ld, wide := r.Units, r.ld(), r.wide()
	carry, d := cut.Carve(&local, r.blockRows()*ld), cut.Carve(&local, r.blockRows()*wide)
	sum, zeros := cut.Carve(&local, r.blockRows()*ld), cut.Carve(&local, n)
	clear(zeros)
	for u := lo; u < hi; u++ {
		b := r.block(u, g.Lengths)
		b.load(carry, g.DLast)
		for s := range b.longest {
			t, rows := b.time(s, true)
			if g.ResetBefore {
				b.gruGradBefore(g, &p, carry, d, sum, zeros, t, rows)
			} else {
				b.gruGradAfter(g, carry, d, zeros, t, rows)
			}
			switch {
			case s == b.longest-1 && g.DH0 == nil:
				continue
			case g.ResetBefore:
				p.mul(sum, d, ld, wide, rows, 0, n, 0, 2*n, true)
			case g.Mask != nil:
				p.mul(sum, d, ld, wide, rows, 0, n, 0, 3*n, false)
			default:
				p.mul(carry, d, ld, wide, rows, 0, n, 0, 3*n, true)
				continue
			}
			if g.Mask != nil {
				b.masked(sum, sum, g.Mask, rows)
			}
			for i := range rows {
				vec.Add(carry[i*ld:][:n], carry[i*ld:][:n], sum[i*ld:][:n])
			}
		}
		b.store(g.DH0, carry)
		b.clearRest(g.DX, 3*n)
		b.clearRest(g.Met, n)
		if g.DH != nil {
			b.clearRest(g.DH, 3*n)
		}
	}
}

// gruGradAfter makes dx_t and dh_t of some rows, of which d keeps dh_t, and leaves d·z in
// carry.
func (b *rowBlock) gruGradAfter(g *GRUGradient, carry, d, zeros []float32, t, rows int) {
	n := b.Units
	for i := range rows {
		at, row := b.at(i, t), d[i*b.wide():][:3*n]
		met := cut.Span(g.Met, at, n)
		active.gruGrad(cut.Span(g.DX, at, 3*n), row, met, carry[i*b.ld():][:n], orZeros(g.DY, at, zeros),
			cut.Span(g.Gates, at, 3*n), cut.Span(g.Q, at, n), b.before(i, t, g.Y, g.H0, zeros))
		b.mask(met, i, g.Mask)
		copy(cut.Span(g.DH, at, 3*n), row)
	}
}

// gruGradBefore does it with ResetBefore; d keeps dx_t, sum dq·r.
func (b *rowBlock) gruGradBefore(g *GRUGradient, p *panels, carry, d, sum, zeros []float32, t, rows int) {
	n, ld, wide := b.Units, b.ld(), b.wide()
	for i := range rows {
		at, row, v, c := b.at(i, t), d[i*wide:][:3*n], sum[i*ld:][:n], carry[i*ld:][:n]
		dr, dz, dn := row[:n], row[n:2*n], row[2*n:]
		gates := cut.Span(g.Gates, at, 3*n)
		z, m := gates[n:2*n], gates[2*n:]
		vec.Add(v, orZeros(g.DY, at, zeros), c)
		vec.Neg(dn, z)
		vec.AddScalar(dn, dn, 1)
		vec.Mul(dn, v, dn)
		vec.ActivateGrad(dn, dn, nil, m, vec.ActTanh, 0)
		vec.Sub(dz, b.before(i, t, g.Y, g.H0, zeros), m)
		vec.Mul(dz, v, dz)
		vec.ActivateGrad(dz, dz, nil, z, vec.ActSigmoid, 0)
		vec.Mul(c, v, z)
		copy(dr, gates[:n]) // until dq is there
	}
	p.mul(sum, d[2*n:], ld, wide, rows, 0, n, 2*n, 3*n, false)
	for i := range rows {
		at, row, v := b.at(i, t), d[i*wide:][:3*n], sum[i*ld:][:n]
		dr, dx, met := row[:n], cut.Span(g.DX, at, 3*n), cut.Span(g.Met, at, n)
		copy(met, b.before(i, t, g.Y, g.H0, zeros))
		b.mask(met, i, g.Mask)
		r := dx[:n] // its place is free by now
		copy(r, dr)
		vec.Mul(dr, v, met)
		vec.ActivateGrad(dr, dr, nil, r, vec.ActSigmoid, 0)
		vec.Mul(v, v, r)
		copy(dx, row)
	}
}

// LocalGRU: see LocalRNN.
func (r Recurrent) LocalGRU() int { return r.blockRows()*(3*r.ld()+r.wide()) + 3*r.Units }

func gruGeneric(gates, q, y, h, x, z, b []float32) {
	n := len(h)
	for j, old := range h {
		r := scalar.Sigmoid(x[j] + (z[j] + b[j]))
		u := scalar.Sigmoid(x[n+j] + (z[n+j] + b[n+j]))
		v := z[2*n+j] + b[2*n+j]
		m := scalar.Tanh(x[2*n+j] + scalar.Mul(r, v))
		w := scalar.Mul(1-u, m) + scalar.Mul(u, old)
		gates[j], gates[n+j], gates[2*n+j], q[j] = r, u, m, v
		h[j], y[j] = w, w
	}
}

func gruGradGeneric(dx, d, met, dh, dy, gates, q, before []float32) {
	n := len(dh)
	for j, v := range dh {
		v += dy[j]
		r, u, m, old := gates[j], gates[n+j], gates[2*n+j], before[j]
		dn := scalar.TanhGrad(scalar.Mul(v, 1-u), m, 0)
		dr := scalar.SigmoidGrad(scalar.Mul(dn, q[j]), r, 0)
		du := scalar.SigmoidGrad(scalar.Mul(v, old-m), u, 0)
		dx[j], dx[n+j], dx[2*n+j] = dr, du, dn
		d[j], d[n+j], d[2*n+j] = dr, du, scalar.Mul(dn, r)
		dh[j], met[j] = scalar.Mul(v, u), old
	}
}
