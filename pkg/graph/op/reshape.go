package op

import (
	"fmt"

	"dnn/pkg/graph"
)

var reshapeOp graph.Op

// Reshape gives x, of floats or integers, another shape of the same size. One extent may be -1: what is left. It costs
// nothing; the storage is shared.
//
//	dx = dy in the shape of x
func Reshape(b *graph.Builder, x *graph.Value, shape ...int) *graph.Value {
	s := append(graph.Shape{}, shape...)
	known, open := 1, -1
	for i, d := range s {
		if d == -1 && open < 0 {
			open = i
		} else {
			known *= d
		}
	}
	if open >= 0 && known > 0 {
		s[open] = x.Shape.Size() / known
	}
	if s.Equal(x.Shape) {
		return x
	}
	return b.One(&reshapeOp, ShapeAttrs{s}, x)
}

func init() {
	reshapeOp = graph.Op{
		Name: "reshape",
		Doc:  "y = x in another shape of the same size; no copy",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if len(in) != 1 {
				return nil, fmt.Errorf("takes 1 input, got %d", len(in))
			}
			s := attrs.(ShapeAttrs).Shape
			for _, d := range s {
				if d < 0 {
					return nil, fmt.Errorf("%v is not a shape", s)
				}
			}
			if s.Size() != in[0].Shape.Size() {
				return nil, fmt.Errorf("%v has %d elements, %v has %d", in[0].Shape, in[0].Shape.Size(), s, s.Size())
			}
			return []graph.Type{{DType: in[0].DType, Shape: s}}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			x := n.Inputs[0]
			if x.DType != graph.F32 {
				return []*graph.Value{nil}
			}
			return []*graph.Value{Reshape(b, dout[0], x.Shape...)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			copy(out[0].F, in[0].F)
			copy(out[0].I, in[0].I)
		},
		View: func(*graph.Node) int { return 0 },
		Cost: func(*graph.Node) graph.Cost { return graph.Cost{} },
		Cases: []graph.Case{
			{Name: "matrix", Attrs: ShapeAttrs{graph.Shape{3, 4}}, In: []graph.Arg{graph.Normal(12)}},
			{Name: "scalar", Attrs: ShapeAttrs{graph.Shape{}}, In: []graph.Arg{graph.Normal(1, 1)}},
			{Name: "ints", Attrs: ShapeAttrs{graph.Shape{2, 3}}, In: []graph.Arg{graph.Index(9, 6)}},
		},
	}
	graph.Ops.Register(reshapeOp.Name, reshapeOp.Doc, &reshapeOp)
}
