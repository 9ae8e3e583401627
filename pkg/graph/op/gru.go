package op

import (
	"math"

	"dnn/internal/kernel/rnn"
	"dnn/pkg/graph"
)

var gruOp graph.Op

// GRU is the gated recurrent unit (Cho et al. 2014) over whole sequences: with s = h_t-1 ⊙ mask and w, bias and x_t in three
// parts,
//
//	r = σ(x_r + w_r·s + b_r),  z = σ(x_z + w_z·s + b_z)
//	n = tanh(x_n + r·q),  q = w_n·s + b_n
//	y_t = h_t = (1-z)·n + z·h_t-1
//
// as PyTorch and cuDNN have it, or with resetBefore, as in the paper,
//
//	n = tanh(x_n + w_n·q + b_n),  q = r·s
//
// for x [rows, steps, 3·units], w [3·units, units], bias [3·units] and y [rows, steps, units]; last [rows, units] is h after
// the last valid step. See Recurrent for the inputs. Its gradient is gru_grad, for which it saves the gates and q.
func GRU(b *graph.Builder, in Recurrent, resetBefore bool) (y, last *graph.Value) {
	a := in.attrs()
	a.ResetBefore = resetBefore
	out := b.Add(&gruOp, a, in.list()...)
	return out[0], out[1]
}

func init() {
	gruOp = graph.Op{
		Name: "gru",
		Doc:  "y[:, t] = h of gated recurrent units with gates of x[:, t] and w·(h before ⊙ mask) + bias; also the last h, gates and q",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			r, err := gruCell.infer(attrs.(RecurrentAttrs), in)
			if err != nil {
				return nil, err
			}
			all := graph.Floats(r.Rows, r.Steps, r.Units)
			return []graph.Type{all, graph.Floats(r.Rows, r.Units), in[0], all}, nil
		},
		Grad:  gradGRU,
		Saved: []int{2, 3},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalGRU(n, splitIn(gruCell, n.Attrs.(RecurrentAttrs), in), out)
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			r, a := gruCell.shape(n), n.Attrs.(RecurrentAttrs)
			return recurrentKernel(r, false, r.LocalGRU(), func(c *graph.Call) []float32 { return c.In[1].F },
				func(c *graph.Call, packed []float32, lo, hi int) {
					runGRU(r, a, c, splitIn(gruCell, a, c.In), packed, lo, hi)
				})
		},
		InPlace:   []graph.Alias{{Out: 2, In: 0}},
		Cost:      func(n *graph.Node) graph.Cost { return recurrentCost(n.Outputs[0], n.Inputs[1], n, 20) },
		Tolerance: 1.5e-6,
		Cases:     recurrentCases(gruCell, RecurrentAttrs{}, RecurrentAttrs{ResetBefore: true}),
	}
	graph.Ops.Register(gruOp.Name, gruOp.Doc, &gruOp)
}

// gradGRU: where r comes before the product, w_n was multiplied by q instead of the hidden state.
func gradGRU(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
	a := n.Attrs.(RecurrentAttrs)
	y, gates, q := n.Outputs[0], n.Outputs[2], n.Outputs[3]
	saved := []*graph.Value{gates, q, y}
	if a.ResetBefore {
		saved = []*graph.Value{gates, y}
	}
	d := gruCell.gradientOf(b, &gruGradOp, n, dout[0], dout[1], nil, saved...)
	dx, met, rest := d[0], d[1], d[2:]
	dh, dw := dx, (*graph.Value)(nil) // by the products with w, and by w
	if a.ResetBefore {
		u := y.Shape[2]
		dw = Concat(b, 0, sumOfProducts(b, Slice(b, dh, 2, 0, 2*u), met), sumOfProducts(b, Slice(b, dh, 2, 2*u, 3*u), q))
	} else {
		dh, rest = rest[0], rest[1:]
		dw = sumOfProducts(b, dh, met)
	}
	grads := []*graph.Value{dx, dw}
	if a.Bias {
		grads = append(grads, Sum(b, dh, []int{0, 1}, false))
	}
	grads = append(grads, rest...)
	return append(grads, make([]*graph.Value, len(n.Inputs)-len(grads))...)
}

func runGRU(r rnn.Recurrent, a RecurrentAttrs, c *graph.Call, s recurrentIn[graph.Buffer], packed []float32, lo, hi int) {
	f := rnn.GRUForward{
		Y: c.Out[0].F, Last: c.Out[1].F, Gates: c.Out[2].F, Q: c.Out[3].F, X: s.x.F, Bias: s.bias.F,
		ResetBefore: a.ResetBefore, Sequences: sequences(s),
	}
	f.Split = a.ResetBefore
	r.GRU(&f, packed, c.Local, lo, hi)
}

func evalGRU(n *graph.Node, s recurrentIn[graph.Ref], out []graph.Ref) {
	a, w := n.Attrs.(RecurrentAttrs), newWalk64(gruCell.shape(n), s)
	u := w.Units
	for row := range w.Rows {
		h := w.first(row, w.h0)
		for _, t := range w.times(row, false) {
			at, before, met := row*w.Steps+t, h, w.met(row, h)
			x, hidden := part64(s.x.F, at, 3*u), add64(w.products(0, met), s.bias.F)
			gates, q := part64(out[2].F, at, 3*u), part64(out[3].F, at, u)
			for j := range 2 * u {
				gates[j] = sigmoid(x[j] + hidden[j])
			}
			for j := range u {
				q[j] = hidden[2*u+j]
				if a.ResetBefore {
					q[j] = gates[j] * met[j]
				}
			}
			inner := add64(nil, nil)
			if a.ResetBefore {
				inner = w.products(2*u, q)
			}
			h = part64(out[0].F, at, u)
			for j := range u {
				v := gates[j] * q[j]
				if a.ResetBefore {
					v = inner[j]
					if s.bias.F != nil {
						v += s.bias.F[2*u+j]
					}
				}
				m := math.Tanh(x[2*u+j] + v)
				gates[2*u+j] = m
				h[j] = (1-gates[u+j])*m + gates[u+j]*before[j]
			}
		}
		copy(part64(out[1].F, row, u), h)
	}
}
