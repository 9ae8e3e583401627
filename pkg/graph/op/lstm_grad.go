package op

import (
	"math"

	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

var lstmGradOp graph.Op

// lstm_grad reads the gradients by y, the last h and the last c, as far as there are any, then gates, c and h of all steps
// and the inputs of lstm but x. It gives the gradient by x and what w was multiplied by at each step, h_t-1 ⊙ mask, and
// those by h0 and c0 if there are any. With d = dy + what comes from later steps, and v = tanh(c_t),
//
//	dc = dc of later steps + d·o·(1-v²)
//	dx_t = (dc·g·i(1-i), dc·c_t-1·f(1-f), dc·i·(1-g²), d·v·o(1-o))
//	d_t-1 = (dx_t·w) ⊙ mask,  dc_t-1 = dc·f
func init() {
	lstmGradOp = graph.Op{
		Name:   "lstm_grad",
		Doc:    "dx, h before each step, dh0 and dc0 of lstm, from dy, d last h and c, and what it saved",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(RecurrentGradAttrs)
			r, err := lstmCell.inferGrad(a, in)
			if err != nil {
				return nil, err
			}
			dx, state := graph.Floats(r.Rows, r.Steps, 4*r.Units), graph.Floats(r.Rows, r.Units)
			return only([]graph.Type{dx, graph.Floats(r.Rows, r.Steps, r.Units), state, state}, true, true, a.Initial, a.Initial), nil
		},
		Eval: evalLSTMGrad,
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(RecurrentGradAttrs)
			r, _ := lstmCell.gradShape(n)
			return recurrentKernel(r, true, r.LocalLSTM(), func(c *graph.Call) []float32 { return splitGrad(lstmCell, a, c.In).w.F },
				func(c *graph.Call, packed []float32, lo, hi int) {
					s := splitGrad(lstmCell, a, c.In)
					g := rnn.LSTMGradient{
						DX: c.Out[0].F, Met: c.Out[1].F, DY: s.dy.F, DLast: s.dlast.F, DLastCell: s.dcell.F,
						Gates: s.gates.F, Cells: s.cells.F, Y: s.y.F, C0: s.c0.F, Sequences: sequences(s.recurrentIn),
					}
					if a.Initial {
						g.DH0, g.DC0 = c.Out[2].F, c.Out[3].F
					}
					r.LSTMGrad(&g, packed, c.Local, lo, hi)
				})
		},
		InPlace: []graph.Alias{ // gates, then y, c or dy, wherever they stand
			{Out: 0, In: 1}, {Out: 0, In: 2}, {Out: 0, In: 3},
			{Out: 1, In: 0}, {Out: 1, In: 2}, {Out: 1, In: 3}, {Out: 1, In: 4}, {Out: 1, In: 5},
		},
		Cost: func(n *graph.Node) graph.Cost {
			_, s := lstmCell.gradShape(n)
			return recurrentCost(s.y, s.w, n, 10)
		},
		Tolerance: 1.5e-6,
		Cases:     recurrentGradCases(lstmCell, RecurrentAttrs{}),
	}
	graph.Ops.Register(lstmGradOp.Name, lstmGradOp.Doc, &lstmGradOp)
}

func evalLSTMGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(RecurrentGradAttrs)
	s := splitGrad(lstmCell, a, in)
	r, _ := lstmCell.gradShape(n)
	w := newWalk64(r, s.recurrentIn)
	u := w.Units
	for row := range w.Rows {
		carry, dc := w.first(row, s.dlast.F), add64(w.first(row, s.dcell.F), nil)
		for _, t := range w.times(row, true) {
			at := row*w.Steps + t
			gates, c, before := part64(s.gates.F, at, 4*u), part64(s.cells.F, at, u), w.before(row, t, s.cells.F, s.c0.F)
			dx := part64(out[0].F, at, 4*u)
			for j, d := range w.gradient64(row, t, s.dy.F, carry) {
				i, f, g, o, v := gates[j], gates[u+j], gates[2*u+j], gates[3*u+j], math.Tanh(c[j])
				e := dc[j] + d*o*(1-v*v)
				dx[j], dx[u+j], dx[2*u+j], dx[3*u+j] = e*g*i*(1-i), e*before[j]*f*(1-f), e*i*(1-g*g), d*v*o*(1-o)
				dc[j] = e * f
			}
			copy(part64(out[1].F, at, u), w.met(row, w.before(row, t, s.y.F, w.h0)))
			carry = w.met(row, productsBack(s.w.F, dx))
		}
		if a.Initial {
			copy(part64(out[2].F, row, u), carry)
			copy(part64(out[3].F, row, u), dc)
		}
	}
}
