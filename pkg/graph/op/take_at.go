package op

import (
	"fmt"

	"dnn/pkg/graph"
)

var takeAtOp graph.Op

// TakeAt looks up places of vectors: x[r, i, j] = y[r, i, ids[r, j]] for y [rows, m, w], ids [rows, n] of integers and x
// [rows, m, n]. An id outside [0, w) panics.
//
//	dy = AddAt(0, dx, ids)
func TakeAt(b *graph.Builder, y, ids *graph.Value) *graph.Value { return b.One(&takeAtOp, nil, y, ids) }

func init() {
	takeAtOp = graph.Op{
		Name: "take_at",
		Doc:  "x[r, i, j] = y[r, i, ids[r, j]]",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			y, ids := in[0].Shape, in[1].Shape
			if len(y) != 3 || len(ids) != 2 || y[0] != ids[0] {
				return nil, fmt.Errorf("%v has no places %v for each row", y, ids)
			}
			return []graph.Type{graph.Floats(y[0], y[1], ids[1])}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			zeros := BroadcastTo(b, b.Scalar(0), n.Inputs[0].Shape...)
			return []*graph.Value{AddAt(b, zeros, dout[0], n.Inputs[1]), nil}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s, count := n.Inputs[0].Shape, n.Inputs[1].Shape[1]
			checkIDs("take_at", in[1].I, 0, len(in[1].I), s[2])
			for k := range out[0].F {
				v := k / count
				out[0].F[k] = in[0].F[v*s[2]+int(in[1].I[v/s[1]*count+k%count])]
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			s, count := n.Inputs[0].Shape, n.Inputs[1].Shape[1]
			return graph.Kernel{Phases: []graph.Phase{byRows(s[0]*s[1], count, func(c *graph.Call, lo, hi int) {
				for v := lo; v < hi; v++ {
					y, ids := part(c.In[0].F, v, s[2]), c.In[1].I[v/s[1]*count:][:count]
					checkIDs("take_at", ids, 0, count, s[2])
					x := part(c.Out[0].F, v, count)
					for j, id := range ids {
						x[j] = y[id]
					}
				}
			})}}
		},
		Cost:  cost(0),
		Cases: atCases(graph.Normal(2, 3, 7), graph.Normal(9, 8, 130)),
	}
	graph.Ops.Register(takeAtOp.Name, takeAtOp.Doc, &takeAtOp)
}

// atCases are cases of a few and of many places; the arguments of each case come before its ids.
func atCases(args ...graph.Arg) []graph.Case {
	half := len(args) / 2
	return []graph.Case{
		{Name: "few", In: append(args[:half:half], graph.Index(7, 2, 4))},
		{Name: "units", In: append(args[half:len(args):len(args)], graph.Index(130, 9, 3))},
	}
}
