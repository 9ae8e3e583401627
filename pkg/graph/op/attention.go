package op

import (
	"fmt"
	"math"

	"dnn/internal/exact"
	"dnn/internal/kernel/attention"
	"dnn/pkg/graph"
)

// Attention is what Attend reads, and how it attends. Heads lie next to each other in the last axis, as projections give
// them.
type Attention struct {
	// Q [rows, m, heads·d] are the queries, K [rows, n, keyHeads·d] the keys, V [rows, n, keyHeads·e] the values.
	Q, K, V *graph.Value
	// Lengths [rows] of integers are the numbers of valid keys; nil when all are.
	Lengths *graph.Value
	// Offset [rows] of integers is the position of the first query among those of the keys; nil for 0. Causal, Window and
	// ALiBi count from it, so that new queries attend to cached keys.
	Offset *graph.Value
	// Step of the training, an integer scalar, or three numbers as for Dropout, lets dropout happen; nil for none.
	Step *graph.Value
	// KeyHeads divides Heads: that many heads in a row use the same keys and values.
	Heads, KeyHeads int
	// Scale multiplies the products of queries and keys; 0 stands for 1/√d.
	Scale float32
	// Causal lets a query see keys up to its own position.
	Causal bool
	// Window > 0 lets a query see keys at most Window-1 positions away.
	Window int
	// ALiBi subtracts from each score the distance times 2^(-8(h+1)/heads) in head h (Press et al. 2022).
	ALiBi bool
	// Rate is the share of weights that dropout sets to 0; Seed and Stream choose the mask. What a weight draws depends on
	// its row, head, query and key alone.
	Rate         float32
	Seed, Stream uint64
}

// AttentionAttrs are the settings of an attention, and which optional inputs there are, in the order of the inputs.
type AttentionAttrs struct {
	Heads, KeyHeads       int
	Scale                 float32 // 0: 1/√d
	Causal, ALiBi         bool
	Window                int
	Rate                  float32 // with a step only
	Seed, Stream          uint64
	Lengths, Offset, Step bool
}

var attentionOp graph.Op

// Attend is y = dropout(softmax(scale·q·kᵀ - bias))·v for each head (Vaswani et al. 2017), where a query sees only the keys
// that Lengths, Causal and Window leave it: y [rows, m, heads·e]. A query that sees none gives 0, and gradients of 0.
// The matrix of weights is never in memory as a whole (Dao 2023); of each query the logarithm of the sum of exponentials is
// saved, from which attention_grad computes the weights again.
func Attend(b *graph.Builder, a Attention) (y *graph.Value) {
	attrs := a.attrs()
	if a.Step == nil || a.Rate == 0 {
		attrs.Rate, attrs.Seed, attrs.Stream, attrs.Step, a.Step = 0, 0, 0, false, nil
	}
	return b.Add(&attentionOp, attrs, present(a.Q, a.K, a.V, a.Lengths, a.Offset, a.Step)...)[0]
}

func (a Attention) attrs() AttentionAttrs {
	return AttentionAttrs{
		Heads: a.Heads, KeyHeads: a.KeyHeads, Scale: a.Scale, Causal: a.Causal, ALiBi: a.ALiBi, Window: a.Window,
		Rate: a.Rate, Seed: a.Seed, Stream: a.Stream, Lengths: a.Lengths != nil, Offset: a.Offset != nil, Step: a.Step != nil,
	}
}

func init() {
	attentionOp = graph.Op{
		Name: "attention",
		Doc:  "y = softmax(scale·q·kᵀ)·v for each head, of the keys that a query sees; also the logarithm of the softmax's sum",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			s, err := attrs.(AttentionAttrs).infer(in)
			if err != nil {
				return nil, err
			}
			return []graph.Type{graph.Floats(s.Rows, s.M, s.Heads*s.E), graph.Floats(s.Rows, s.Heads, s.M)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			in := append([]*graph.Value{dout[0], n.Outputs[0], n.Outputs[1]}, n.Inputs...)
			return append(b.Add(&attentionGradOp, n.Attrs, in...), make([]*graph.Value, len(n.Inputs)-3)...)
		},
		Saved: []int{1},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			w := newAttention64(n.Attrs.(AttentionAttrs), n.Inputs, in)
			w.eachQuery(func(row, head, i int) {
				scores := w.scores(row, head, i)
				lse := logSum(scores)
				out[1].F[(row*w.Heads+head)*w.M+i] = lse
				y := w.at(out[0].F, row, i, w.M, head, w.Heads, w.E)
				for j, p := range w.drop(exponentials(scores, lse), row, head, i) {
					for c, v := range w.at(w.v, row, j, w.N, w.keyHead(head), w.KeyHeads, w.E) {
						y[c] += p * v
					}
				}
			})
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(AttentionAttrs)
			s := a.shape(n.Inputs[0].Shape, n.Inputs[1].Shape, n.Inputs[2].Shape)
			return graph.Kernel{Scratch: s.Scratch(), Local: s.Local(), Phases: []graph.Phase{
				{Units: s.PackUnits(), Run: func(c *graph.Call, lo, hi int) {
					s.Pack(c.Scratch, a.input(c.In), lo, hi)
				}},
				{Units: s.Units(), Run: func(c *graph.Call, lo, hi int) {
					s.Run(c.Out[0].F, c.Out[1].F, a.input(c.In), c.Scratch, c.Local, lo, hi)
				}},
			}}
		},
		Cost: func(n *graph.Node) graph.Cost {
			s := n.Attrs.(AttentionAttrs).shape(n.Inputs[0].Shape, n.Inputs[1].Shape, n.Inputs[2].Shape)
			return attentionCost(n, s.Pairs(), s.D+s.E, 15)
		},
		Tolerance: 1.5e-6,
		Cases:     attentionCases(),
	}
	graph.Ops.Register(attentionOp.Name, attentionOp.Doc, &attentionOp)
}

// infer checks the inputs and returns the shape of the computation.
func (a AttentionAttrs) infer(in []graph.Type) (*attention.Attention, error) {
	want := []graph.DType{graph.F32, graph.F32, graph.F32}
	for _, is := range []bool{a.Lengths, a.Offset, a.Step} {
		if is {
			want = append(want, graph.I32)
		}
	}
	if err := expect(in, want...); err != nil {
		return nil, err
	}
	q, k, v := in[0].Shape, in[1].Shape, in[2].Shape
	if len(q) != 3 || len(k) != 3 || len(v) != 3 || q[0] != k[0] || q[0] != v[0] || k[1] != v[1] {
		return nil, fmt.Errorf("q is %v, k %v and v %v, want [rows, m, heads·d], [rows, n, heads·d] and [rows, n, heads·e]", q, k, v)
	}
	if a.Heads < 1 || a.KeyHeads < 1 || a.Heads%a.KeyHeads != 0 {
		return nil, fmt.Errorf("%d heads of queries cannot share %d heads of keys evenly", a.Heads, a.KeyHeads)
	}
	if q[2]%a.Heads != 0 || k[2]%a.KeyHeads != 0 || v[2]%a.KeyHeads != 0 || q[2]/a.Heads != k[2]/a.KeyHeads || q.Size()*k.Size()*v.Size() == 0 {
		return nil, fmt.Errorf("q is %v, k %v and v %v: %d heads of queries and %d of keys do not fit", q, k, v, a.Heads, a.KeyHeads)
	}
	if a.Window < 0 {
		return nil, fmt.Errorf("the window is %d, want 0 or more", a.Window)
	}
	if !(a.Rate >= 0 && a.Rate < 1) {
		return nil, fmt.Errorf("the rate is %g, want 0 ≤ rate < 1", a.Rate)
	}
	for i, t := range in[3:] {
		if a.Step && i == len(in)-4 {
			if err := checkStep(t); err != nil {
				return nil, err
			}
		} else if !t.Shape.Equal(q[:1]) {
			return nil, fmt.Errorf("q is %v, so lengths and offset must be %v, not %v", q, q[:1], t.Shape)
		}
	}
	return a.shape(q, k, v), nil
}

// shape is that of the computation.
func (a AttentionAttrs) shape(q, k, v graph.Shape) *attention.Attention {
	s := &attention.Attention{
		Rows: q[0], M: q[1], N: k[1], Heads: a.Heads, KeyHeads: a.KeyHeads, D: q[2] / a.Heads, E: v[2] / a.KeyHeads,
		Scale: a.Scale, Causal: a.Causal, Window: a.Window, Rate: a.Rate, Seed: a.Seed, Stream: a.Stream,
	}
	if s.Scale == 0 {
		s.Scale = float32(1 / math.Sqrt(float64(s.D)))
	}
	for h := range a.Heads {
		if a.ALiBi {
			s.Slopes = append(s.Slopes, float32(exact.Exp(-8*math.Ln2*float64(h+1)/float64(a.Heads))))
		}
	}
	return s
}

// input names the inputs of a node.
func (a AttentionAttrs) input(in []graph.Buffer) attention.Input {
	s := attention.Input{Q: in[0].F, K: in[1].F, V: in[2].F}
	t := taker[graph.Buffer]{in[3:]}
	s.Lengths, s.Offset = t.take(a.Lengths).I, t.take(a.Offset).I
	if a.Step {
		s.Step, s.First = drawsAt(t.take(true).I)
	}
	return s
}

// attentionCost is that of so many multiply-adds, and other operations, for each pair of a query and a key.
func attentionCost(n *graph.Node, pairs float64, products, others int) graph.Cost {
	return graph.Cost{Flops: pairs * float64(2*products+others), Products: pairs * float64(products), Bytes: traffic(n)}
}
