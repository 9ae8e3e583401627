package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var sumSquaresOp graph.Op

// SumSquares is y = Σx² over all elements, a scalar.
//
//	dx = 2·x·dy
func SumSquares(b *graph.Builder, x *graph.Value) *graph.Value {
	return b.One(&sumSquaresOp, nil, x)
}

func init() {
	sumSquaresOp = graph.Op{
		Name: "sum_squares",
		Doc:  "y = Σx² over all elements",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			return []graph.Type{graph.Floats()}, expectFloats(in, 1)
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{Mul(b, n.Inputs[0], Scale(b, dout[0], 2))}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			for _, x := range in[0].F {
				out[0].F[0] += x * x
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			blocks := vec.Blocks(n.Inputs[0].Shape.Size())
			return graph.Kernel{Scratch: blocks, Phases: []graph.Phase{
				cut(blocks, 1, func(c *graph.Call, lo, hi int) { vec.SumSquaresBlocks(c.Scratch, c.In[0].F, lo, hi) }),
				{Units: 1, Run: func(c *graph.Call, _, _ int) { c.Out[0].F[0] = vec.Sum(c.Scratch[:blocks]) }},
			}}
		},
		Cost: cost(2),
		Cases: []graph.Case{
			{Name: "matrix", In: []graph.Arg{graph.Normal(3, 5)}},
			{Name: "scalar", In: []graph.Arg{graph.Normal()}},
			{Name: "blocks", In: []graph.Arg{graph.Normal(9001)}},
		},
	}
	graph.Ops.Register(sumSquaresOp.Name, sumSquaresOp.Doc, &sumSquaresOp)
}
