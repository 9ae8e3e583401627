package op

import (
	"dnn/internal/kernel/rnn"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var rnnGradOp graph.Op

// rnn_grad reads the gradients by y and by the last state, as far as there are any, y itself and the inputs of rnn but x.
// It gives the gradient by x and what w was multiplied by at each step, h_t-1 ⊙ mask, and by h0 if there is one. With
// d = dy + what comes from later steps,
//
//	dx_t = d·act'(y_t),  d_t-1 = (dx_t·w) ⊙ mask
func init() {
	rnnGradOp = graph.Op{
		Name:   "rnn_grad",
		Doc:    "dx, h before each step, and dh0 of rnn, from dy, d last and y",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(RecurrentGradAttrs)
			r, err := rnnCell.inferGrad(a, in)
			if err != nil {
				return nil, err
			}
			all, state := graph.Floats(r.Rows, r.Steps, r.Units), graph.Floats(r.Rows, r.Units)
			return only([]graph.Type{all, all, state}, true, true, a.Initial), nil
		},
		Eval: evalRNNGrad,
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(RecurrentGradAttrs)
			r, _ := rnnCell.gradShape(n)
			return recurrentKernel(r, true, r.LocalRNN(), func(c *graph.Call) []float32 { return splitGrad(rnnCell, a, c.In).w.F },
				func(c *graph.Call, packed []float32, lo, hi int) {
					s := splitGrad(rnnCell, a, c.In)
					g := rnn.RNNGradient{
						DX: c.Out[0].F, Met: c.Out[1].F, DY: s.dy.F, DLast: s.dlast.F, Y: s.y.F, Sequences: sequences(s.recurrentIn), Act: a.Act,
					}
					if a.Initial {
						g.DH0 = c.Out[2].F
					}
					r.RNNGrad(&g, packed, c.Local, lo, hi)
				})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}, {Out: 1, In: 1}, {Out: 1, In: 2}},
		Cost: func(n *graph.Node) graph.Cost {
			_, s := rnnCell.gradShape(n)
			return recurrentCost(s.y, s.w, n, 6)
		},
		Tolerance: 1.5e-6,
		Cases:     recurrentGradCases(rnnCell, RecurrentAttrs{Act: vec.ActTanh}, RecurrentAttrs{Act: vec.ActRelu}),
	}
	graph.Ops.Register(rnnGradOp.Name, rnnGradOp.Doc, &rnnGradOp)
}

// only is the elements of list that there are.
func only[T any](list []T, is ...bool) []T {
	var out []T
	for i, v := range list {
		if is[i] {
			out = append(out, v)
		}
	}
	return out
}

func evalRNNGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(RecurrentGradAttrs)
	s := splitGrad(rnnCell, a, in)
	r, _ := rnnCell.gradShape(n)
	w := newWalk64(r, s.recurrentIn)
	for i := range w.Rows {
		carry := w.first(i, s.dlast.F)
		for _, t := range w.times(i, true) {
			at := i*w.Steps + t
			d, y := part64(out[0].F, at, w.Units), part64(s.y.F, at, w.Units)
			for j, v := range w.gradient64(i, t, s.dy.F, carry) {
				d[j] = v * acts[a.Act].slope(y[j], y[j], 0)
			}
			copy(part64(out[1].F, at, w.Units), w.met(i, w.before(i, t, s.y.F, w.h0)))
			carry = w.met(i, productsBack(s.w.F, d))
		}
		if a.Initial {
			copy(part64(out[2].F, i, w.Units), carry)
		}
	}
}
