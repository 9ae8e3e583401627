package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// WidenSparseAttrs hold the shape of the whole array, whose first axis are the rows.
type WidenSparseAttrs struct{ Shape graph.Shape }

var widenSparseOp graph.Op

// WidenSparse is the array that values, gaps and starts stand for (see DenseSparse), with its zeros.
func WidenSparse(b *graph.Builder, values, gaps, starts *graph.Value, shape graph.Shape) *graph.Value {
	return b.One(&widenSparseOp, WidenSparseAttrs{shape}, values, gaps, starts)
}

func init() {
	widenSparseOp = graph.Op{
		Name:   "widen_sparse",
		Doc:    "y = the array whose numbers that are not zero are given, with the gaps between them",
		NoGrad: noGradSparse,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.U8, graph.I32); err != nil {
				return nil, err
			}
			s := attrs.(WidenSparseAttrs).Shape
			rows, err := sparseRows(in)
			if err == nil && (s.Rank() == 0 || s[0] != rows) {
				err = fmt.Errorf("the starts are those of %d rows, want those of %v", rows, s)
			}
			return []graph.Type{graph.Floats(s...)}, err
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			cols := n.Outputs[0].Shape[1:].Size()
			eachSparse(in, func(row, column int, v float64) { out[0].F[row*cols+column] = v })
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			rows, cols := n.Outputs[0].Shape[0], n.Outputs[0].Shape[1:].Size()
			return graph.Kernel{Phases: []graph.Phase{byRows(rows, cols, func(c *graph.Call, lo, hi int) {
				w := sparseMatrix(rows, cols, c.In)
				w.Dense(c.Out[0].F, lo, hi)
			})}}
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "matrix", Attrs: WidenSparseAttrs{graph.Shape{5, 8}}, In: sparseArgs(5, 2)},
			{Name: "kernels", Attrs: WidenSparseAttrs{graph.Shape{4, 3, 2, 2}}, In: sparseArgs(4, 3)},
			{Name: "units", Attrs: WidenSparseAttrs{graph.Shape{70, 700}}, In: sparseArgs(70, 200)},
		},
	}
	graph.Ops.Register(widenSparseOp.Name, widenSparseOp.Doc, &widenSparseOp)
}
