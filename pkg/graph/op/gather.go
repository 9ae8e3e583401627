package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var gatherOp graph.Op

// Gather looks up rows: y[.., :] = table[ids[..], :], for a table [n, w] of F32 or BF16, ids [..] of integers and y [.., w] of
// the table's type. An id outside [0, n) panics.
//
//	dtable = dy added up by id
func Gather(b *graph.Builder, table, ids *graph.Value) *graph.Value {
	return b.One(&gatherOp, nil, table, ids)
}

func init() {
	gatherOp = graph.Op{
		Name: "gather",
		Doc:  "y[.., :] = table[ids[..], :]",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			table0 := graph.F32
			if len(in) > 0 && in[0].DType == graph.BF16 {
				table0 = graph.BF16
			}
			if err := expect(in, table0, graph.I32); err != nil {
				return nil, err
			}
			table, ids := in[0].Shape, in[1].Shape
			if len(table) != 2 {
				return nil, fmt.Errorf("the table is %v, want a matrix", table)
			}
			return []graph.Type{{DType: in[0].DType, Shape: append(ids[:len(ids):len(ids)], table[1])}}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			table, ids := n.Inputs[0], n.Inputs[1]
			return []*graph.Value{ScatterAdd(b, ids, dout[0], table.Shape[0]), nil}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			rows, width := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1]
			checkIDs("gather", in[1].I, 0, len(in[1].I), rows)
			for i, id := range in[1].I {
				copy(out[0].F[i*width:(i+1)*width], in[0].F[int(id)*width:])
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			rows, width := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1]
			return graph.Kernel{Phases: []graph.Phase{byRows(n.Inputs[1].Shape.Size(), width, func(c *graph.Call, lo, hi int) {
				checkIDs("gather", c.In[1].I, lo, hi, rows)
				if c.In[0].H == nil {
					vec.Gather(c.Out[0].F, c.In[0].F, c.In[1].I, width, lo, hi)
					return
				}
				for i := lo; i < hi; i++ {
					copy(c.Out[0].H[i*width:(i+1)*width], c.In[0].H[int(c.In[1].I[i])*width:])
				}
			})}}
		},
		Cost: func(n *graph.Node) graph.Cost { return graph.Cost{Bytes: 2 * float64(n.Outputs[0].Bytes())} },
		Cases: []graph.Case{
			{Name: "vector", In: []graph.Arg{graph.Normal(5, 3), graph.Index(5, 7)}},
			{Name: "sequence", In: []graph.Arg{graph.Normal(4, 2), graph.Index(4, 3, 5)}},
			{Name: "width 1", In: []graph.Arg{graph.Normal(6, 1), graph.Index(6, 4)}},
			{Name: "halves", In: []graph.Arg{graph.Normal(5, 3).Of(graph.BF16), graph.Index(5, 7)}},
			{Name: "units", In: []graph.Arg{graph.Normal(50, 130), graph.Index(50, 70)}},
		},
	}
	graph.Ops.Register(gatherOp.Name, gatherOp.Doc, &gatherOp)
}
