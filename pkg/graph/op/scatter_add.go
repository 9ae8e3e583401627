package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// ScatterAddAttrs hold the number of rows of the output.
type ScatterAddAttrs struct{ Rows int }

var scatterAddOp graph.Op

// ScatterAdd adds rows up by id: y[r, :] = Σ x[.., :] over the places with ids[..] = r, for ids [..] of integers, x [.., w]
// and y [rows, w]. Each row is one chain over ascending places. An id outside [0, rows) panics.
//
//	dx = dy looked up by id
func ScatterAdd(b *graph.Builder, ids, x *graph.Value, rows int) *graph.Value {
	return b.One(&scatterAddOp, ScatterAddAttrs{rows}, ids, x)
}

func init() {
	scatterAddOp = graph.Op{
		Name: "scatter_add",
		Doc:  "y[r, :] = Σ x[.., :] over the places with ids[..] = r",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I32, graph.F32); err != nil {
				return nil, err
			}
			ids, x := in[0].Shape, in[1].Shape
			if len(x) != len(ids)+1 || !leading(x).Equal(ids) {
				return nil, fmt.Errorf("ids are %v, rows %v: want one row for each id", ids, x)
			}
			return []graph.Type{graph.Floats(attrs.(ScatterAddAttrs).Rows, x.Last())}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{nil, Gather(b, dout[0], n.Inputs[0])}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			checkIDs("scatter_add", in[0].I, 0, len(in[0].I), n.Attrs.(ScatterAddAttrs).Rows)
			width := n.Outputs[0].Shape[1]
			for i, id := range in[0].I {
				for j := range width {
					out[0].F[int(id)*width+j] += in[1].F[i*width+j]
				}
			}
		},
		Kernel: scatterAddKernel,
		Cost:   cost(1),
		Cases: []graph.Case{
			{Name: "vector", Attrs: ScatterAddAttrs{5}, In: []graph.Arg{graph.Index(5, 7), graph.Normal(7, 3)}},
			{Name: "sequence", Attrs: ScatterAddAttrs{4}, In: []graph.Arg{graph.Index(4, 3, 5), graph.Normal(3, 5, 2)}},
			{Name: "few rows", Attrs: ScatterAddAttrs{2}, In: []graph.Arg{graph.Index(2, 90), graph.Normal(90, 200)}},
			{Name: "units", Attrs: ScatterAddAttrs{300}, In: []graph.Arg{graph.Index(300, 400), graph.Normal(400, 64)}},
		},
	}
	graph.Ops.Register(scatterAddOp.Name, scatterAddOp.Doc, &scatterAddOp)
}

// scatterAddKernel shares out the rows of the output: each unit reads all ids and takes those of its own rows.
func scatterAddKernel(n *graph.Node) graph.Kernel {
	const maxUnits = 16 // each of them reads all ids
	rows, width := n.Outputs[0].Shape[0], n.Outputs[0].Shape[1]
	work := max(n.Inputs[1].Shape.Size(), rows*width)
	units := max(1, min(maxUnits, rows, work/chunk))
	return graph.Kernel{Phases: []graph.Phase{cut(rows, ceil(max(rows, 1), units), func(c *graph.Call, lo, hi int) {
		if lo == 0 {
			checkIDs("scatter_add", c.In[0].I, 0, len(c.In[0].I), rows)
		}
		clear(c.Out[0].F[lo*width : hi*width])
		vec.ScatterAddRows(c.Out[0].F, c.In[0].I, c.In[1].F, width, lo, hi)
	})}}
}
