package graph

import "fmt"

// ViewAttrs choose a part of a flat array.
type ViewAttrs struct {
	Offset int
	Shape  Shape
}

// View reads a part of a flat array [N] as a tensor: y = x[offset : offset+size] with the given shape. It costs nothing.
// It lives here, not among the other ops, because parameters are views from the moment they are made. Its gradient is
// never taken: gradients are asked for each view and packed (see op pack).
var View = &Op{
	Name: "view",
	Doc:  "y = x[offset : offset+size], reshaped; no copy",
	Infer: func(attrs any, in []Type) ([]Type, error) {
		a := attrs.(ViewAttrs)
		if len(in) != 1 || in[0].Shape.Rank() != 1 || a.Offset < 0 || a.Offset+a.Shape.Size() > in[0].Shape[0] && in[0].Shape[0] > 0 {
			return nil, fmt.Errorf("cannot view %v at %d as %v", in, a.Offset, a.Shape)
		}
		return []Type{{in[0].DType, a.Shape}}, nil
	},
	NoGrad: "gradients are taken with respect to each view",
	Eval: func(n *Node, in, out []Ref) {
		copy(out[0].F, in[0].F[n.Attrs.(ViewAttrs).Offset:])
	},
	View: func(n *Node) int { return n.Attrs.(ViewAttrs).Offset },
	Cases: []Case{
		{Name: "matrix", Attrs: ViewAttrs{16, Shape{2, 3}}, In: []Arg{Normal(32)}},
	},
}

func init() { Ops.Register(View.Name, View.Doc, View) }
