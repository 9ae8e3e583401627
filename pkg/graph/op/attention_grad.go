package op

import (
	"fmt"

	"dnn/internal/kernel/attention"
	"dnn/pkg/graph"
)

var attentionGradOp graph.Op

// attention_grad reads the gradient by y, then y and the saved logarithms, and the inputs of attention; it gives the
// gradients by q, k and v. With p = exp(scores - logarithm), computed anew block by block, p' and dp after dropout, and
// δ = Σ dy·y for each query (Dao 2023),
//
//	dv = p'ᵀ·dy,  ds = p·(dropout(dy·vᵀ) - δ),  dq = scale·ds·k,  dk = scale·dsᵀ·q
func init() {
	attentionGradOp = graph.Op{
		Name:   "attention_grad",
		Doc:    "dq, dk and dv of attention, from dy, y, the logarithms that it saved, and its inputs",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if len(in) < 3 {
				return nil, expectFloats(in, 6)
			}
			s, err := attrs.(AttentionAttrs).infer(in[3:])
			if err != nil {
				return nil, err
			}
			y := graph.Floats(s.Rows, s.M, s.Heads*s.E)
			for i, want := range []graph.Type{y, y, graph.Floats(s.Rows, s.Heads, s.M)} {
				if in[i].DType != want.DType || !in[i].Shape.Equal(want.Shape) {
					return nil, fmt.Errorf("input %d is %v, want %v", i, in[i], want)
				}
			}
			return in[3:6:6], nil
		},
		Eval: evalAttentionGrad,
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(AttentionAttrs)
			s := a.shape(n.Inputs[3].Shape, n.Inputs[4].Shape, n.Inputs[5].Shape)
			call := func(c *graph.Call) (attention.Gradient, attention.Input) {
				return attention.Gradient{
					DQ: c.Out[0].F, DK: c.Out[1].F, DV: c.Out[2].F, DY: c.In[0].F, Y: c.In[1].F, LSE: c.In[2].F,
				}, a.input(c.In[3:])
			}
			k := graph.Kernel{Scratch: s.GradScratch(), Local: s.GradLocal(), Phases: []graph.Phase{
				{Units: s.GradPackUnits(), Run: func(c *graph.Call, lo, hi int) {
					g, in := call(c)
					s.GradPack(c.Scratch, g, in, lo, hi)
				}},
			}}
			for phase := range s.GradPhases() {
				k.Phases = append(k.Phases, graph.Phase{Units: s.GradUnits(phase), Run: func(c *graph.Call, lo, hi int) {
					g, in := call(c)
					s.GradRun(phase, g, in, c.Scratch, c.Local, lo, hi)
				}})
			}
			return k
		},
		Cost: func(n *graph.Node) graph.Cost {
			s := n.Attrs.(AttentionAttrs).shape(n.Inputs[3].Shape, n.Inputs[4].Shape, n.Inputs[5].Shape)
			return attentionCost(n, s.Pairs(), 3*s.D+2*s.E, 20)
		},
		Tolerance: 3e-6, // exponentials of long sums
		Cases:     attentionGradCases(),
	}
	graph.Ops.Register(attentionGradOp.Name, attentionGradOp.Doc, &attentionGradOp)
}

func evalAttentionGrad(n *graph.Node, in, out []graph.Ref) {
	w := newAttention64(n.Attrs.(AttentionAttrs), n.Inputs[3:], in[3:])
	w.eachQuery(func(row, head, i int) {
		atQuery := func(x []float64, width int) []float64 { return w.at(x, row, i, w.M, head, w.Heads, width) }
		atKey := func(x []float64, j, width int) []float64 {
			return w.at(x, row, j, w.N, w.keyHead(head), w.KeyHeads, width)
		}
		q, dq, dy := atQuery(w.q, w.D), atQuery(out[0].F, w.D), atQuery(in[0].F, w.E)
		p := exponentials(w.scores(row, head, i), in[2].F[(row*w.Heads+head)*w.M+i])
		dp := make([]float64, w.N)
		for j := range dp {
			dp[j] = dot64(dy, atKey(w.v, j, w.E))
		}
		dp, delta := w.drop(dp, row, head, i), dot64(dy, atQuery(in[1].F, w.E))
		for j, dropped := range w.drop(p, row, head, i) {
			ds := w.scale * p[j] * (dp[j] - delta)
			dk, dv := atKey(out[1].F, j, w.D), atKey(out[2].F, j, w.E)
			for c, k := range atKey(w.k, j, w.D) {
				dq[c] += ds * k
				dk[c] += ds * q[c]
			}
			for c := range dy {
				dv[c] += dropped * dy[c]
			}
		}
	})
}
