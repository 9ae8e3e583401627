package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// SequenceMaskAttrs hold the number of positions.
type SequenceMaskAttrs struct{ Positions int }

var sequenceMaskOp graph.Op

// SequenceMask is y[.., j] = 1 where j < lengths[..], else 0, for lengths [..] of integers and y [.., n]. Lengths beyond
// [0, n] count as the nearest of both.
func SequenceMask(b *graph.Builder, lengths *graph.Value, n int) *graph.Value {
	return b.One(&sequenceMaskOp, SequenceMaskAttrs{n}, lengths)
}

func init() {
	sequenceMaskOp = graph.Op{
		Name:   "sequence_mask",
		Doc:    "y[.., j] = 1 where j < lengths[..], else 0",
		NoGrad: "has no inputs but lengths",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I32); err != nil {
				return nil, err
			}
			n := attrs.(SequenceMaskAttrs).Positions
			if n < 1 {
				return nil, fmt.Errorf("%d positions, want 1 or more", n)
			}
			s := in[0].Shape
			return []graph.Type{graph.Floats(append(s[:len(s):len(s)], n)...)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			positions := n.Attrs.(SequenceMaskAttrs).Positions
			for i := range out[0].F {
				out[0].F[i] = choose(i%positions < int(in[0].I[i/positions]), 1, 0)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			positions := n.Attrs.(SequenceMaskAttrs).Positions
			return graph.Kernel{Phases: []graph.Phase{byRows(n.Inputs[0].Shape.Size(), positions, func(c *graph.Call, lo, hi int) {
				for i := lo; i < hi; i++ {
					y, length := part(c.Out[0].F, i, positions), min(max(int(c.In[0].I[i]), 0), positions)
					vec.Fill(y[:length], 1)
					clear(y[length:])
				}
			})}}
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "batch", Attrs: SequenceMaskAttrs{6}, In: []graph.Arg{graph.Index(7, 5)}},
			{Name: "beyond", Attrs: SequenceMaskAttrs{3}, In: []graph.Arg{graph.Index(9, 2, 4)}},
			{Name: "units", Attrs: SequenceMaskAttrs{130}, In: []graph.Arg{graph.Index(131, 70)}},
		},
	}
	graph.Ops.Register(sequenceMaskOp.Name, sequenceMaskOp.Doc, &sequenceMaskOp)
}
