package op

import (
	"fmt"

	"dnn/internal/kernel/sparse"
	"dnn/pkg/graph"
)

var denseSparseOp graph.Op

// DenseSparse is y = x·wᵀ for a matrix w [n, k] most of whose numbers are zero:
//
//	x [m, k], values [e], gaps [e] U8, starts [n+1] I32, y [m, n]
//
// Row i of w has the numbers from starts[i] to starts[i+1]. A gap is the distance to the column of the number before it in its row;
// that of the first is its column. Where x is finite, y has the bits of the dense product.
func DenseSparse(b *graph.Builder, x, values, gaps, starts *graph.Value) *graph.Value {
	return b.One(&denseSparseOp, nil, x, values, gaps, starts)
}

func init() {
	denseSparseOp = graph.Op{
		Name:   "dense_sparse",
		Doc:    "y = x·wᵀ, of a matrix that is mostly zero",
		NoGrad: noGradSparse,
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.F32, graph.U8, graph.I32); err != nil {
				return nil, err
			}
			if in[0].Shape.Rank() != 2 {
				return nil, fmt.Errorf("x is %v, want a matrix", in[0].Shape)
			}
			rows, err := sparseRows(in[1:])
			return []graph.Type{graph.Floats(in[0].Shape[0], rows)}, err
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			m, k, rows := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1], n.Outputs[0].Shape[1]
			eachSparse(in[1:], func(row, column int, v float64) {
				for i := range m {
					out[0].F[i*rows+row] += v * in[0].F[i*k+column]
				}
			})
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			p := sparse.Product{M: n.Inputs[0].Shape[0], N: n.Outputs[0].Shape[1], K: n.Inputs[0].Shape[1]}
			return graph.Kernel{Scratch: p.Scratch(), Local: p.Local(), Phases: []graph.Phase{
				{Units: p.PackUnits(), Run: func(c *graph.Call, lo, hi int) { p.Pack(c.Scratch, c.In[0].F, lo, hi) }},
				{Units: p.Units(), Run: func(c *graph.Call, lo, hi int) {
					x, w := c.Scratch, sparseMatrix(p.N, p.K, c.In[1:])
					if p.M == 1 {
						x = c.In[0].F
					}
					p.Run(c.Out[0].F, x, &w, c.Local, lo, hi)
				}},
			}}
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, 2*float64(n.Inputs[0].Shape[0])*float64(n.Inputs[1].Shape[0]))
		},
		Tolerance: 1.5e-6,
		Cases: []graph.Case{
			{Name: "plain", In: append([]graph.Arg{graph.Normal(3, 8)}, sparseArgs(5, 2)...)},
			{Name: "one row", In: append([]graph.Arg{graph.Normal(1, 40)}, sparseArgs(37, 9)...)},
			{Name: "nothing", In: append([]graph.Arg{graph.Normal(4, 5)}, sparseArgs(3, 0)...)},
			{Name: "large", In: append([]graph.Arg{graph.Normal(130, 90)}, sparseArgs(70, 20)...)},
		},
	}
	graph.Ops.Register(denseSparseOp.Name, denseSparseOp.Doc, &denseSparseOp)
}
