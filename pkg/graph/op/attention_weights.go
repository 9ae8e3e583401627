package op

import (
	"dnn/pkg/graph"
)

var attentionWeightsOp graph.Op

// AttentionWeights are those by which Attend weighs values before dropout: w [rows, heads, m, n], 0 where a query does not
// see a key. They are there to be looked at: no gradient flows through them, and V and Step are not read.
func AttentionWeights(b *graph.Builder, a Attention) *graph.Value {
	a.V, a.Step = a.K, nil
	attrs := a.attrs()
	attrs.Rate, attrs.Seed, attrs.Stream = 0, 0, 0
	return b.One(&attentionWeightsOp, attrs, present(a.Q, a.K, a.V, a.Lengths, a.Offset)...)
}

// WeightsOf are the weights of a node made by Attend, and false where n is none.
func WeightsOf(b *graph.Builder, n *graph.Node) (w *graph.Value, ok bool) {
	if n.Op != &attentionOp {
		return nil, false
	}
	a := n.Attrs.(AttentionAttrs)
	more := taker[*graph.Value]{n.Inputs[3:]}
	return AttentionWeights(b, Attention{
		Q: n.Inputs[0], K: n.Inputs[1], Lengths: more.take(a.Lengths), Offset: more.take(a.Offset), Heads: a.Heads, KeyHeads: a.KeyHeads,
		Scale: a.Scale, Causal: a.Causal, Window: a.Window, ALiBi: a.ALiBi,
	}), true
}

func init() {
	attentionWeightsOp = graph.Op{
		Name:   "attention_weights",
		Doc:    "w = softmax(scale·q·kᵀ) for each head, of the keys that a query sees, else 0",
		NoGrad: "is there to be looked at",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			s, err := attrs.(AttentionAttrs).infer(in)
			if err != nil {
				return nil, err
			}
			return []graph.Type{graph.Floats(s.Rows, s.Heads, s.M, s.N)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			w := newAttention64(n.Attrs.(AttentionAttrs), n.Inputs, in)
			w.eachQuery(func(row, head, i int) {
				scores := w.scores(row, head, i)
				copy(part64(out[0].F, (row*w.Heads+head)*w.M+i, w.N), exponentials(scores, logSum(scores)))
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
					s.Weights(c.Out[0].F, a.input(c.In), c.Scratch, c.Local, lo, hi)
				}},
			}}
		},
		Cost: func(n *graph.Node) graph.Cost {
			s := n.Attrs.(AttentionAttrs).shape(n.Inputs[0].Shape, n.Inputs[1].Shape, n.Inputs[2].Shape)
			return attentionCost(n, s.Pairs(), s.D, 15)
		},
		Tolerance: 1.5e-6, // exponentials of long sums
		Cases:     attentionCases(),
	}
	graph.Ops.Register(attentionWeightsOp.Name, attentionWeightsOp.Doc, &attentionWeightsOp)
}
