package op

import (
	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

var gruGradOp graph.Op

// gru_grad reads the gradients by y and the last state, as far as there are any, then gates, q (unless r comes before the
// product) and h of all steps and the inputs of gru but x and the bias. It gives the gradient by x, what w was multiplied by
// at each step, h_t-1 ⊙ mask, and the gradient by those products (unless it is that by x), then that by h0 if there is one.
// With d = dy + what comes from later steps,
//
//	dn = d·(1-z)·(1-n²), dz = d·(h_t-1 - n)·z(1-z), dr = dn·q·r(1-r), dq = dn·r
//	dx_t = (dr, dz, dn), dh_t = (dr, dz, dq)
//	d_t-1 = d·z + (dh_t·w) ⊙ mask
//
// and where r comes before the product, with s = h_t-1 ⊙ mask, dq = dn·w_n, dr = dq·s·r(1-r),
//
//	d_t-1 = d·z + (dq·r + dr·w_r + dz·w_z) ⊙ mask
func init() {
	gruGradOp = graph.Op{
		Name:   "gru_grad",
		Doc:    "dx, h before each step, d of the products and dh0 of gru, from dy, d last, and what it saved",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(RecurrentGradAttrs)
			r, err := gruCell.inferGrad(a, in)
			if err != nil {
				return nil, err
			}
			dx := graph.Floats(r.Rows, r.Steps, 3*r.Units)
			met, state := graph.Floats(r.Rows, r.Steps, r.Units), graph.Floats(r.Rows, r.Units)
			return only([]graph.Type{dx, met, dx, state}, true, true, !a.ResetBefore, a.Initial), nil
		},
		Eval: evalGRUGrad,
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(RecurrentGradAttrs)
			r, _ := gruCell.gradShape(n)
			return recurrentKernel(r, true, r.LocalGRU(), func(c *graph.Call) []float32 { return splitGrad(gruCell, a, c.In).w.F },
				func(c *graph.Call, packed []float32, lo, hi int) {
					s, out := splitGrad(gruCell, a, c.In), taker[graph.Buffer]{c.Out}
					g := rnn.GRUGradient{
						DX: out.take(true).F, Met: out.take(true).F, DH: out.take(!a.ResetBefore).F, DH0: out.take(a.Initial).F,
						DY: s.dy.F, DLast: s.dlast.F, Gates: s.gates.F, Q: s.q.F, Y: s.y.F,
						ResetBefore: a.ResetBefore, Sequences: sequences(s.recurrentIn),
					}
					r.GRUGrad(&g, packed, c.Local, lo, hi)
				})
		},
		InPlace: []graph.Alias{ // gates, then y or dy, wherever they stand
			{Out: 0, In: 1}, {Out: 0, In: 2},
			{Out: 1, In: 0}, {Out: 1, In: 2}, {Out: 1, In: 3}, {Out: 1, In: 4},
		},
		Cost: func(n *graph.Node) graph.Cost {
			_, s := gruCell.gradShape(n)
			return recurrentCost(s.y, s.w, n, 10)
		},
		Tolerance: 1.5e-6,
		Cases:     recurrentGradCases(gruCell, RecurrentAttrs{}, RecurrentAttrs{ResetBefore: true}),
	}
	graph.Ops.Register(gruGradOp.Name, gruGradOp.Doc, &gruGradOp)
}

func evalGRUGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(RecurrentGradAttrs)
	s, o := splitGrad(gruCell, a, in), taker[graph.Ref]{out}
	dxs, mets, dhs, dh0 := o.take(true).F, o.take(true).F, o.take(!a.ResetBefore).F, o.take(a.Initial).F
	r, _ := gruCell.gradShape(n)
	w := newWalk64(r, s.recurrentIn)
	u := w.Units
	for row := range w.Rows {
		carry := w.first(row, s.dlast.F)
		for _, t := range w.times(row, true) {
			at := row*w.Steps + t
			gates, h := part64(s.gates.F, at, 3*u), w.before(row, t, s.y.F, w.h0)
			met, dx := w.met(row, h), part64(dxs, at, 3*u)
			d := w.gradient64(row, t, s.dy.F, carry)
			for j, v := range d {
				z, m := gates[u+j], gates[2*u+j]
				dx[u+j], dx[2*u+j] = v*(h[j]-m)*z*(1-z), v*(1-z)*(1-m*m)
			}
			dh := append([]float64{}, dx...)
			var q, back []float64
			if a.ResetBefore {
				q = productsBack(s.w.F[2*u*u:], dx[2*u:])
			}
			for j := range u {
				r, dr := gates[j], 0.0
				if a.ResetBefore {
					dr = q[j] * met[j]
					q[j] *= r
				} else {
					dr = dx[2*u+j] * s.q.F[at*u+j]
					dh[2*u+j] *= r
				}
				dx[j] = dr * r * (1 - r)
				dh[j] = dx[j]
			}
			if a.ResetBefore {
				back = add64(productsBack(s.w.F[:2*u*u], dx[:2*u]), q)
			} else {
				copy(part64(dhs, at, 3*u), dh)
				back = productsBack(s.w.F, dh)
			}
			copy(part64(mets, at, u), met)
			carry = w.met(row, back)
			for j := range carry {
				carry[j] += d[j] * gates[u+j]
			}
		}
		if a.Initial {
			copy(part64(dh0, row, u), carry)
		}
	}
}
