package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// PadAttrs tell where along an axis of the given extent the input is laid.
type PadAttrs struct{ Axis, Before, Extent int }

var padOp graph.Op

// Pad lays x along an axis into zeros: y has the given extent there, and x begins at before. It is the gradient of Slice.
//
//	dx = dy[before : before + x's extent]
func Pad(b *graph.Builder, x *graph.Value, axis, before, extent int) *graph.Value {
	if axis < 0 {
		axis += x.Shape.Rank()
	}
	return b.One(&padOp, PadAttrs{axis, before, extent}, x)
}

func init() {
	padOp = graph.Op{
		Name: "pad",
		Doc:  "y = x with zeros before and after it along one axis",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			a := attrs.(PadAttrs)
			if err := expectAxis(in, a.Axis); err != nil {
				return nil, err
			}
			if s := in[0].Shape; a.Before < 0 || a.Before+s[a.Axis] > a.Extent {
				return nil, fmt.Errorf("%v from %d on does not fit into an extent of %d along axis %d", s, a.Before, a.Extent, a.Axis)
			}
			return []graph.Type{graph.Floats(withExtent(in[0].Shape, a.Axis, a.Extent)...)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			a := n.Attrs.(PadAttrs)
			return []*graph.Value{Slice(b, dout[0], a.Axis, a.Before, a.Before+n.Inputs[0].Shape[a.Axis])}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			outer, size, stride, to := n.Attrs.(PadAttrs).runs(n.Inputs[0].Shape)
			for o := range outer {
				copy(out[0].F[o*stride+to:], in[0].F[o*size:(o+1)*size])
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			outer, size, stride, to := n.Attrs.(PadAttrs).runs(n.Inputs[0].Shape)
			return graph.Kernel{Phases: []graph.Phase{byRows(outer, stride, func(c *graph.Call, lo, hi int) {
				for o := lo; o < hi; o++ {
					y := part(c.Out[0].F, o, stride)
					clear(y[:to])
					copy(y[to:to+size], part(c.In[0].F, o, size))
					clear(y[to+size:])
				}
			})}}
		},
		Cost: cost(0),
		Cases: []graph.Case{
			{Name: "rows", Attrs: PadAttrs{0, 1, 6}, In: []graph.Arg{graph.Normal(3, 2)}},
			{Name: "columns", Attrs: PadAttrs{1, 0, 5}, In: []graph.Arg{graph.Normal(3, 2)}},
			{Name: "middle", Attrs: PadAttrs{1, 2, 5}, In: []graph.Arg{graph.Normal(2, 3, 4)}},
		},
	}
	graph.Ops.Register(padOp.Name, padOp.Doc, &padOp)
}

// runs describes the copies of size elements, stride apart in the output from an offset on.
func (a PadAttrs) runs(x graph.Shape) (outer, size, stride, to int) {
	outer, inner := around(x, a.Axis)
	return outer, x[a.Axis] * inner, a.Extent * inner, a.Before * inner
}
