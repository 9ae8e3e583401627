package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// PruneMaskAttrs hold the ranges of the flat array that are pruned.
type PruneMaskAttrs struct{ Spans []Span }

// Span is a range [Lo, Hi) of a flat array. Spans ascend and do not overlap.
type Span struct{ Lo, Hi int }

var pruneMaskOp graph.Op

// PruneMask is what of the flat array w may change, for Keep: m is |w| within the spans, so that zeros stay zero, and 1
// elsewhere. As long as on, a scalar, is 0, m is 1 everywhere: nothing is pruned yet.
func PruneMask(b *graph.Builder, w, on *graph.Value, spans []Span) *graph.Value {
	return b.One(&pruneMaskOp, PruneMaskAttrs{spans}, w, on)
}

func init() {
	pruneMaskOp = graph.Op{
		Name:   "prune_mask",
		Doc:    "m = |w| within the spans, while on is not 0, and 1 elsewhere",
		NoGrad: "belongs to an update",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 2); err != nil {
				return nil, err
			}
			if in[0].Shape.Rank() != 1 || in[1].Shape.Rank() != 0 {
				return nil, fmt.Errorf("takes a flat array and a scalar, got %v and %v", in[0].Shape, in[1].Shape)
			}
			end := 0
			for _, s := range attrs.(PruneMaskAttrs).Spans {
				if s.Lo < end || s.Hi < s.Lo || s.Hi > in[0].Shape[0] {
					return nil, fmt.Errorf("[%d, %d) is no span of %d numbers after %d", s.Lo, s.Hi, in[0].Shape[0], end)
				}
				end = s.Hi
			}
			return in[:1:1], nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			for i := range out[0].F {
				out[0].F[i] = 1
			}
			for _, s := range n.Attrs.(PruneMaskAttrs).Spans {
				for i := s.Lo; i < s.Hi && in[1].F[0] != 0; i++ {
					out[0].F[i] = max(in[0].F[i], -in[0].F[i])
				}
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			spans := n.Attrs.(PruneMaskAttrs).Spans
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				m, w := c.Out[0].F, c.In[0].F
				for _, s := range spans {
					from, to := max(lo, s.Lo), min(hi, s.Hi)
					if from >= to || c.In[1].F[0] == 0 {
						continue
					}
					vec.Fill(m[lo:from], 1)
					vec.Abs(m[from:to], w[from:to])
					lo = to
				}
				vec.Fill(m[lo:hi], 1)
			})
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "on", Attrs: PruneMaskAttrs{[]Span{{2, 5}, {6, 9}}}, In: []graph.Arg{graph.Normal(11), graph.Uniform(1, 2)}},
			{Name: "all", Attrs: PruneMaskAttrs{[]Span{{0, 9000}}}, In: []graph.Arg{graph.Normal(9000), graph.Uniform(1, 2)}},
			{Name: "off", Attrs: PruneMaskAttrs{[]Span{{0, 7}}}, In: []graph.Arg{graph.Normal(7), graph.Uniform(0, 0)}},
			{Name: "chunks", Attrs: PruneMaskAttrs{[]Span{{5, 4100}, {4100, 4101}, {8000, 9000}}}, In: []graph.Arg{graph.Normal(9001), graph.Uniform(1, 2)}},
		},
	}
	graph.Ops.Register(pruneMaskOp.Name, pruneMaskOp.Doc, &pruneMaskOp)
}
