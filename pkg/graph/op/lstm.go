package op

import (
	"math"

	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

var lstmOp graph.Op

// LSTM is the long short-term memory (Hochreiter & Schmidhuber 1997, with the forget gate of Gers et al. 2000) over whole
// sequences: with (a_i, a_f, a_g, a_o) = x_t + w·(h_t-1 ⊙ mask),
//
//	i = σ(a_i), f = σ(a_f), g = tanh(a_g), o = σ(a_o)
//	c_t = f·c_t-1 + i·g,  y_t = h_t = o·tanh(c_t)
//
// for x [rows, steps, 4·units], w [4·units, units] and y [rows, steps, units]; last and cell [rows, units] are h and c after
// the last valid step. See Recurrent for the inputs. Its gradient is lstm_grad, for which it saves the gates and c_t.
func LSTM(b *graph.Builder, in Recurrent) (y, last, cell *graph.Value) {
	out := b.Add(&lstmOp, in.attrs(), in.list()...)
	return out[0], out[1], out[2]
}

func init() {
	lstmOp = graph.Op{
		Name: "lstm",
		Doc:  "y[:, t] = h of a long short-term memory with gates x[:, t] + w·(h before ⊙ mask); also the last h and c, gates and all c",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			r, err := lstmCell.infer(attrs.(RecurrentAttrs), in)
			if err != nil {
				return nil, err
			}
			all, state := graph.Floats(r.Rows, r.Steps, r.Units), graph.Floats(r.Rows, r.Units)
			return []graph.Type{all, state, state, in[0], all}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			y, gates, cells := n.Outputs[0], n.Outputs[3], n.Outputs[4]
			d := lstmCell.gradientOf(b, &lstmGradOp, n, dout[0], dout[1], dout[2], gates, cells, y)
			grads := append([]*graph.Value{d[0], sumOfProducts(b, d[0], d[1])}, d[2:]...)
			return append(grads, make([]*graph.Value, len(n.Inputs)-len(grads))...)
		},
		Saved: []int{3, 4},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalLSTM(n, splitIn(lstmCell, n.Attrs.(RecurrentAttrs), in), out)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			r, a := lstmCell.shape(n), n.Attrs.(RecurrentAttrs)
			return recurrentKernel(r, false, r.LocalLSTM(), func(c *graph.Call) []float32 { return c.In[1].F },
				func(c *graph.Call, packed []float32, lo, hi int) {
					runLSTM(r, c, splitIn(lstmCell, a, c.In), packed, lo, hi)
				})
		},
		InPlace:   []graph.Alias{{Out: 3, In: 0}},
		Cost:      func(n *graph.Node) graph.Cost { return recurrentCost(n.Outputs[0], n.Inputs[1], n, 20) },
		Tolerance: 1.5e-6,
		Cases:     recurrentCases(lstmCell, RecurrentAttrs{}),
	}
	graph.Ops.Register(lstmOp.Name, lstmOp.Doc, &lstmOp)
}

func runLSTM(r rnn.Recurrent, c *graph.Call, s recurrentIn[graph.Buffer], packed []float32, lo, hi int) {
	f := rnn.LSTMForward{
		Y: c.Out[0].F, Last: c.Out[1].F, LastCell: c.Out[2].F, Gates: c.Out[3].F, Cells: c.Out[4].F,
		X: s.x.F, C0: s.c0.F, Sequences: sequences(s),
	}
	r.LSTM(&f, packed, c.Local, lo, hi)
}

func evalLSTM(n *graph.Node, s recurrentIn[graph.Ref], out []graph.Ref) {
	w := newWalk64(lstmCell.shape(n), s)
	u := w.Units
	for row := range w.Rows {
		h, c := w.first(row, w.h0), w.first(row, s.c0.F)
		for _, t := range w.times(row, false) {
			at := row*w.Steps + t
			z := add64(w.products(0, w.met(row, h)), part64(s.x.F, at, 4*u))
			gates, before := part64(out[3].F, at, 4*u), c
			h, c = part64(out[0].F, at, u), part64(out[4].F, at, u)
			for j := range u {
				i, f, g, o := sigmoid(z[j]), sigmoid(z[u+j]), math.Tanh(z[2*u+j]), sigmoid(z[3*u+j])
				gates[j], gates[u+j], gates[2*u+j], gates[3*u+j] = i, f, g, o
				c[j] = f*before[j] + i*g
				h[j] = o * math.Tanh(c[j])
			}
		}
		copy(part64(out[1].F, row, u), h)
		copy(part64(out[2].F, row, u), c)
	}
}
