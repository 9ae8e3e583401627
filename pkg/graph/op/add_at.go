package op

import (
	"fmt"

	"dnn/pkg/graph"
)

var addAtOp graph.Op

// AddAt adds to each vector of y what lies at the places that ids tell: z[r, i, :] = y[r, i, :], to which x[r, i, j] is added at
// ids[r, j], for y [rows, m, w], x [rows, m, n] and ids [rows, n] of integers. Places that are told several times get several
// summands, in the order of j. An id outside [0, w) panics.
//
//	dy = dz, dx = TakeAt(dz, ids)
func AddAt(b *graph.Builder, y, x, ids *graph.Value) *graph.Value {
	return b.One(&addAtOp, nil, y, x, ids)
}

func init() {
	addAtOp = graph.Op{
		Name: "add_at",
		Doc:  "z = y with x[r, i, j] added at z[r, i, ids[r, j]]",
		Infer: func(_ any, in []graph.Type) ([]graph.Type, error) {
			if err := expect(in, graph.F32, graph.F32, graph.I32); err != nil {
				return nil, err
			}
			y, x, ids := in[0].Shape, in[1].Shape, in[2].Shape
			if len(y) != 3 || len(x) != 3 || len(ids) != 2 || !y[:2].Equal(x[:2]) || ids[0] != x[0] || ids[1] != x[2] {
				return nil, fmt.Errorf("numbers %v cannot be added to %v at %v", x, y, ids)
			}
			return in[:1:1], nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{dout[0], TakeAt(b, dout[0], n.Inputs[2]), nil}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s, count := n.Inputs[0].Shape, n.Inputs[1].Shape[2]
			checkIDs("add_at", in[2].I, 0, len(in[2].I), s[2])
			copy(out[0].F, in[0].F)
			for k, x := range in[1].F {
				v := k / count
				out[0].F[v*s[2]+int(in[2].I[v/s[1]*count+k%count])] += x
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			s, count := n.Inputs[0].Shape, n.Inputs[1].Shape[2]
			return graph.Kernel{Phases: []graph.Phase{byRows(s[0]*s[1], s[2], func(c *graph.Call, lo, hi int) {
				copyUnlessSame(c.Out[0].F[lo*s[2]:hi*s[2]], c.In[0].F[lo*s[2]:hi*s[2]])
				for v := lo; v < hi; v++ {
					z, ids := part(c.Out[0].F, v, s[2]), c.In[2].I[v/s[1]*count:][:count]
					checkIDs("add_at", ids, 0, count, s[2])
					for j, x := range part(c.In[1].F, v, count) {
						z[ids[j]] += x
					}
				}
			})}}
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(1),
		Cases:   atCases(graph.Normal(2, 3, 7), graph.Normal(2, 3, 4), graph.Normal(9, 8, 130), graph.Normal(9, 8, 3)),
	}
	graph.Ops.Register(addAtOp.Name, addAtOp.Doc, &addAtOp)
}

// copyUnlessSame copies x to y, unless both are the same memory.
func copyUnlessSame(y, x []float32) {
	if len(y) > 0 && &y[0] != &x[0] {
		copy(y, x)
	}
}
