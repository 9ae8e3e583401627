package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var keepOp graph.Op

// Keep is y = x where m > 0, else 0, for two values of one shape. Unlike a product with a mask it leaves no negative zeros.
func Keep(b *graph.Builder, x, m *graph.Value) *graph.Value { return b.One(&keepOp, nil, x, m) }

func init() {
	keep := func(dst, x, m []float32) { vec.ActivateGrad(dst, x, m, m, ActRelu, 0) } // relu lets pass the same
	elements["keep"] = func(any) element { return element{two: keep} }
	keepOp = graph.Op{
		Name:   "keep",
		Doc:    "y = x where m > 0, else 0",
		NoGrad: "belongs to an update",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectSame(in, 2); err != nil {
				return nil, err
			}
			return in[:1:1], nil
		},
		Eval: func(_ *graph.Node, in, out []graph.Ref) {
			for i, x := range in[0].F {
				out[0].F[i] = choose(in[1].F[i] > 0, x, 0)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				keep(c.Out[0].F[lo:hi], c.In[0].F[lo:hi], c.In[1].F[lo:hi])
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:    cost(1),
		Cases: []graph.Case{
			{Name: "matrix", In: []graph.Arg{graph.Normal(3, 5), onGrid(0)(3, 5)}},
			{Name: "chunks", In: []graph.Arg{graph.Normal(9001), onGrid(0)(9001)}},
		},
	}
	graph.Ops.Register(keepOp.Name, keepOp.Doc, &keepOp)
}
