package op

import (
	"fmt"

	"dnn/internal/kernel/integer"
	"dnn/pkg/graph"
)

var gatherInt8Op graph.Op

// GatherInt8 looks up rows of 8-bit integers as float32: y[.., :] = table[ids[..], :]·scales[ids[..]] for a table [n, w], scales [n],
// ids [..] and y [.., w]. An id outside [0, n) panics.
func GatherInt8(b *graph.Builder, table, scales, ids *graph.Value) *graph.Value {
	return b.One(&gatherInt8Op, nil, table, scales, ids)
}

func init() {
	table := int8s(5, 3)
	gatherInt8Op = graph.Op{
		Name:   "gather_int8",
		Doc:    "y[.., :] = table[ids[..], :]·scales[ids[..]], float32 of 8-bit integers",
		NoGrad: noGradInt8,
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.I8, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			table, scales, ids := in[0].Shape, in[1].Shape, in[2].Shape
			if len(table) != 2 || !scales.Equal(table[:1]) {
				return nil, fmt.Errorf("the table is %v and the scales are %v, want a matrix with a scale for each row", table, scales)
			}
			return []graph.Type{graph.Floats(append(ids[:len(ids):len(ids)], table[1])...)}, nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			rows, width := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1]
			checkIDs("gather_int8", in[2].I, 0, len(in[2].I), rows)
			for i, id := range in[2].I {
				for k, q := range in[0].I[int(id)*width : (int(id)+1)*width] {
					out[0].F[i*width+k] = float64(float32(q) * float32(in[1].F[id]))
				}
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			rows, width := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1]
			return graph.Kernel{Phases: []graph.Phase{byRows(n.Inputs[2].Shape.Size(), width, func(c *graph.Call, lo, hi int) {
				checkIDs("gather_int8", c.In[2].I, lo, hi, rows)
				for i := lo; i < hi; i++ {
					id := int(c.In[2].I[i])
					integer.Dequantize(part(c.Out[0].F, i, width), c.In[0].S[id*width:(id+1)*width], c.In[1].F[id])
				}
			})}}
		},
		Cost: func(n *graph.Node) graph.Cost { return graph.Cost{Bytes: 1.25 * float64(n.Outputs[0].Bytes())} },
		Cases: []graph.Case{
			{Name: "vector", In: []graph.Arg{table, graph.Uniform(0, 1, 5), graph.Index(5, 7)}},
			{Name: "sequence", In: []graph.Arg{table, graph.Uniform(0, 1, 5), graph.Index(5, 3, 4)}},
			{Name: "units", In: []graph.Arg{int8s(50, 130), graph.Uniform(0, 1, 50), graph.Index(50, 70)}},
		},
	}
	graph.Ops.Register(gatherInt8Op.Name, gatherInt8Op.Doc, &gatherInt8Op)
}
