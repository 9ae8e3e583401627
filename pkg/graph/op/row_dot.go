package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var rowDotOp graph.Op

// RowDot is z = Σ x·y along the last axis, for x and y [.., n] and z [..]: the sum of a product with one rounding less than
// sum(mul(x, y)). Cross-entropy is made of it.
//
//	dx = y·dz, dy = x·dz
func RowDot(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&rowDotOp, nil, x, y) }

func init() {
	rowDotOp = graph.Op{
		Name: "row_dot",
		Doc:  "z = Σ x·y along the last axis",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expectRows(in, 2); err != nil {
				return nil, err
			}
			return []graph.Type{graph.Floats(leading(in[0].Shape)...)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			x, y := n.Inputs[0], n.Inputs[1]
			dz := column(b, dout[0])
			return []*graph.Value{Mul(b, y, dz), Mul(b, x, dz)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			cols := n.Inputs[0].Shape.Last()
			for i, x := range in[0].F {
				out[0].F[i/cols] += x * in[1].F[i]
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return rowwise(n, func(c *graph.Call, cols, lo, hi int) {
				for i := lo; i < hi; i++ {
					c.Out[0].F[i] = vec.Dot(part(c.In[0].F, i, cols), part(c.In[1].F, i, cols))
				}
			})
		},
		Cost: cost(2),
		Cases: []graph.Case{
			{Name: "matrix", In: []graph.Arg{graph.Normal(5, 7), graph.Normal(5, 7)}},
			{Name: "vector", In: []graph.Arg{graph.Normal(9), graph.Normal(9)}},
			{Name: "axes", In: []graph.Arg{graph.Normal(2, 3, 4), graph.Normal(2, 3, 4)}},
			{Name: "units", In: []graph.Arg{graph.Normal(70, 130), graph.Normal(70, 130)}},
		},
	}
	graph.Ops.Register(rowDotOp.Name, rowDotOp.Doc, &rowDotOp)
}

// column gives a value [..] the shape [.., 1], so that it broadcasts along rows.
func column(b *graph.Builder, x *graph.Value) *graph.Value {
	return Reshape(b, x, append(append(graph.Shape{}, x.Shape...), 1)...)
}
