package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// ShapeAttrs are the shape that a value is given.
type ShapeAttrs struct{ Shape graph.Shape }

var broadcastToOp graph.Op

// BroadcastTo repeats x along axes that are missing or have extent 1, as in NumPy, until it has the given shape.
//
//	dx = dy summed over the repeated axes
func BroadcastTo(b *graph.Builder, x *graph.Value, shape ...int) *graph.Value {
	if x.Shape.Equal(shape) {
		return x
	}
	return b.One(&broadcastToOp, ShapeAttrs{append(graph.Shape{}, shape...)}, x)
}

func init() {
	broadcastToOp = graph.Op{
		Name: "broadcast_to",
		Doc:  "y = x repeated along axes of extent 1 to a given shape",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			want := attrs.(ShapeAttrs).Shape
			s, err := broadcast(in[0].Shape, want)
			if err != nil || !s.Equal(want) {
				return nil, fmt.Errorf("%v cannot be repeated to %v", in[0].Shape, want)
			}
			return []graph.Type{graph.Floats(s...)}, expectRank(s)
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{sumTo(b, dout[0], n.Inputs[0].Shape)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s := n.Outputs[0].Shape
			eachIndex(s, func(i int, at []int) { out[0].F[i] = in[0].F[at[0]] }, broadcastStrides(n.Inputs[0].Shape, s))
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			s := n.Outputs[0].Shape
			loops := newNest(s, broadcastStrides(n.Inputs[0].Shape, s))
			_, stride := loops.inner(0)
			return graph.Kernel{Phases: []graph.Phase{loops.phase(func(c *graph.Call, length, y, x, _ int) {
				if stride == 0 {
					vec.Fill(c.Out[0].F[y:y+length], c.In[0].F[x])
				} else {
					copy(c.Out[0].F[y:y+length], c.In[0].F[x:])
				}
			})}}
		},
		Cost: cost(0),
		Cases: []graph.Case{
			{Name: "row", Attrs: ShapeAttrs{graph.Shape{3, 4}}, In: []graph.Arg{graph.Normal(4)}},
			{Name: "column", Attrs: ShapeAttrs{graph.Shape{3, 4}}, In: []graph.Arg{graph.Normal(3, 1)}},
			{Name: "scalar", Attrs: ShapeAttrs{graph.Shape{2, 3}}, In: []graph.Arg{graph.Normal()}},
			{Name: "middle", Attrs: ShapeAttrs{graph.Shape{2, 3, 4}}, In: []graph.Arg{graph.Normal(2, 1, 4)}},
			{Name: "chunks", Attrs: ShapeAttrs{graph.Shape{2, 5000}}, In: []graph.Arg{graph.Normal(5000)}},
		},
	}
	graph.Ops.Register(broadcastToOp.Name, broadcastToOp.Doc, &broadcastToOp)
}
