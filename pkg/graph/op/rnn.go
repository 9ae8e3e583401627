package op

import (
	"fmt"

	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

var rnnOp graph.Op

// RNN is the plain recurrent net (Elman 1990) over whole sequences:
//
//	y_t = h_t = act(x_t + w·(h_t-1 ⊙ mask)),  last = h after the last valid step
//
// for x [rows, steps, units], w [units, units], y as x, last [rows, units] and act ActTanh or ActRelu. See Recurrent for
// the inputs. Its gradient is rnn_grad.
func RNN(b *graph.Builder, in Recurrent, act Act) (y, last *graph.Value) {
	a := in.attrs()
	a.Act = act
	out := b.Add(&rnnOp, a, in.list()...)
	return out[0], out[1]
}

func init() {
	rnnOp = graph.Op{
		Name: "rnn",
		Doc:  "y[:, t] = h = act(x[:, t] + w·(h before ⊙ mask)) through all steps; also the last h",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(RecurrentAttrs)
			r, err := rnnCell.infer(a, in)
			if err != nil {
				return nil, err
			}
			if a.Act != ActTanh && a.Act != ActRelu {
				return nil, fmt.Errorf("the activation is %v, want tanh or relu", a.Act)
			}
			return []graph.Type{in[0], graph.Floats(r.Rows, r.Units)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			d := rnnCell.gradientOf(b, &rnnGradOp, n, dout[0], dout[1], nil, n.Outputs[0])
			grads := append([]*graph.Value{d[0], sumOfProducts(b, d[0], d[1])}, d[2:]...)
			return append(grads, make([]*graph.Value, len(n.Inputs)-len(grads))...)
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalRNN(n, splitIn(rnnCell, n.Attrs.(RecurrentAttrs), in), out)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			r, a := rnnCell.shape(n), n.Attrs.(RecurrentAttrs)
			return recurrentKernel(r, false, r.LocalRNN(), func(c *graph.Call) []float32 { return c.In[1].F },
				func(c *graph.Call, packed []float32, lo, hi int) {
					runRNN(r, a, c, splitIn(rnnCell, a, c.In), packed, lo, hi)
				})
		},
		InPlace:   []graph.Alias{{Out: 0, In: 0}},
		Cost:      func(n *graph.Node) graph.Cost { return recurrentCost(n.Outputs[0], n.Inputs[1], n, 12) },
		Cases:     recurrentCases(rnnCell, RecurrentAttrs{Act: ActTanh}, RecurrentAttrs{Act: ActRelu}),
		Tolerance: 1.5e-6,
	}
	graph.Ops.Register(rnnOp.Name, rnnOp.Doc, &rnnOp)
}

func runRNN(r rnn.Recurrent, a RecurrentAttrs, c *graph.Call, s recurrentIn[graph.Buffer], packed []float32, lo, hi int) {
	q := sequences(s)
	if a.Act == ActRelu { // the states are not in ±1
		q.Least = 0
	}
	r.RNN(c.Out[0].F, c.Out[1].F, s.x.F, q, a.Act, packed, c.Local, lo, hi)
}

func evalRNN(n *graph.Node, s recurrentIn[graph.Ref], out []graph.Ref) {
	a, w := n.Attrs.(RecurrentAttrs), newWalk64(rnnCell.shape(n), s)
	if a.Act == ActRelu {
		w.least = 0
	}
	for i := range w.Rows {
		h := w.first(i, w.h0)
		for _, t := range w.times(i, false) {
			z, at := w.products(0, w.met(i, h)), i*w.Steps+t
			h = part64(out[0].F, at, w.Units)
			for j := range h {
				h[j] = acts[a.Act].value(s.x.F[at*w.Units+j]+z[j], 0)
			}
		}
		copy(part64(out[1].F, i, w.Units), h)
	}
}
