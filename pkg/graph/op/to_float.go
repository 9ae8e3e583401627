package op

import "dnn/pkg/graph"

var toFloatOp graph.Op

// ToFloat turns integers into floats. Up to 2²⁴ they are exact.
func ToFloat(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&toFloatOp, nil, x) }

func init() {
	toFloatOp = graph.Op{
		Name:   "to_float",
		Doc:    "y = x as floats, for integers x",
		NoGrad: "integers have no gradient",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I32); err != nil {
				return nil, err
			}
			return []graph.Type{graph.Floats(in[0].Shape...)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			for i, x := range in[0].I {
				out[0].F[i] = float64(x)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				y := c.Out[0].F[lo:hi]
				for i, x := range c.In[0].I[lo:hi] {
					y[i] = float32(x)
				}
			})
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "matrix", In: []graph.Arg{graph.Index(1000, 3, 5)}},
			{Name: "scalar", In: []graph.Arg{graph.Index(1000)}},
			{Name: "chunks", In: []graph.Arg{graph.Index(1<<24, 5000)}},
		},
	}
	graph.Ops.Register(toFloatOp.Name, toFloatOp.Doc, &toFloatOp)
}
