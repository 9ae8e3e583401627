package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// ScaleLengthsAttrs hold times, plus and by.
type ScaleLengthsAttrs struct{ Times, Plus, By int }

var scaleLengthsOp graph.Op

// ScaleLengths is what becomes of the lengths of sequences where windows slide over them:
//
//	y = max(0, ⌊(x·times + plus) / by⌋), and 0 where x is 0
//
// for x of integers, of any shape. times and by are at least 1.
func ScaleLengths(b *graph.Builder, x *graph.Value, times, plus, by int) *graph.Value {
	return b.One(&scaleLengthsOp, ScaleLengthsAttrs{times, plus, by}, x)
}

// Of is what becomes of a length.
func (a ScaleLengthsAttrs) Of(x int) int {
	y := x*a.Times + a.Plus
	if x <= 0 || y <= 0 {
		return 0
	}
	return y / a.By
}

func (a ScaleLengthsAttrs) of(x int32) int32 { return int32(a.Of(int(x))) }

func init() {
	scaleLengthsOp = graph.Op{
		Name:   "scale_lengths",
		Doc:    "y = max(0, ⌊(x·times + plus) / by⌋), and 0 where x is 0, for lengths x",
		NoGrad: "integers have no gradient",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I32); err != nil {
				return nil, err
			}
			if a := attrs.(ScaleLengthsAttrs); a.Times < 1 || a.By < 1 {
				return nil, fmt.Errorf("times %d and by %d, want 1 or more", a.Times, a.By)
			}
			return in[:1:1], nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			for i, x := range in[0].I {
				out[0].I[i] = n.Attrs.(ScaleLengthsAttrs).of(x)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(ScaleLengthsAttrs)
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				y := c.Out[0].I[lo:hi]
				for i, x := range c.In[0].I[lo:hi] {
					y[i] = a.of(x)
				}
			})
		},
		Cost: cost(3),
		Cases: []graph.Case{
			{Name: "windows", Attrs: ScaleLengthsAttrs{1, -2, 3}, In: []graph.Arg{graph.Index(9, 20)}},
			{Name: "padded", Attrs: ScaleLengthsAttrs{1, 4, 2}, In: []graph.Arg{graph.Index(5, 3, 4)}},
			{Name: "transposed", Attrs: ScaleLengthsAttrs{3, -1, 1}, In: []graph.Arg{graph.Index(70, 5000)}},
		},
	}
	graph.Ops.Register(scaleLengthsOp.Name, scaleLengthsOp.Doc, &scaleLengthsOp)
}
