package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// SliceAttrs choose the part [Lo, Hi) of an axis.
type SliceAttrs struct{ Axis, Lo, Hi int }

var sliceOp graph.Op

// Slice is the part [lo, hi) of x, of floats or integers, along an axis (a negative one counts from the end).
//
//	dx = dy with zeros around it
func Slice(b *graph.Builder, x *graph.Value, axis, lo, hi int) *graph.Value {
	if axis < 0 {
		axis += x.Shape.Rank()
	}
	if axis < len(x.Shape) && axis >= 0 && lo == 0 && hi == x.Shape[axis] {
		return x
	}
	return b.One(&sliceOp, SliceAttrs{axis, lo, hi}, x)
}

func init() {
	sliceOp = graph.Op{
		Name: "slice",
		Doc:  "y = x[.., lo:hi, ..] along one axis",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(SliceAttrs)
			if err := expectAxis(in, a.Axis); err != nil {
				return nil, err
			}
			if a.Lo < 0 || a.Lo >= a.Hi || a.Hi > in[0].Shape[a.Axis] {
				return nil, fmt.Errorf("%v has no part [%d,%d) of axis %d", in[0].Shape, a.Lo, a.Hi, a.Axis)
			}
			return []graph.Type{{DType: in[0].DType, Shape: withExtent(in[0].Shape, a.Axis, a.Hi-a.Lo)}}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			a, x := n.Attrs.(SliceAttrs), n.Inputs[0]
			if x.DType != graph.F32 {
				return []*graph.Value{nil}
			}
			return []*graph.Value{Pad(b, dout[0], a.Axis, a.Lo, x.Shape[a.Axis])}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			outer, size, stride, from := n.Attrs.(SliceAttrs).runs(n.Inputs[0].Shape)
			for o := range outer {
				evalRun(out[0], o*size, in[0], o*stride+from, size)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			outer, size, stride, from := n.Attrs.(SliceAttrs).runs(n.Inputs[0].Shape)
			return graph.Kernel{Phases: []graph.Phase{byRows(outer, size, func(c *graph.Call, lo, hi int) {
				for o := lo; o < hi; o++ {
					copyRun(&c.Out[0], o*size, &c.In[0], o*stride+from, size)
				}
			})}}
		},
		Cost: cost(0),
		Cases: []graph.Case{
			{Name: "rows", Attrs: SliceAttrs{0, 1, 3}, In: []graph.Arg{graph.Normal(5, 3)}},
			{Name: "columns", Attrs: SliceAttrs{1, 2, 3}, In: []graph.Arg{graph.Normal(5, 4)}},
			{Name: "middle", Attrs: SliceAttrs{1, 0, 2}, In: []graph.Arg{graph.Normal(2, 3, 4)}},
			{Name: "ints", Attrs: SliceAttrs{1, 1, 4}, In: []graph.Arg{graph.Index(9, 3, 5)}},
			{Name: "halves", Attrs: SliceAttrs{1, 1, 4}, In: []graph.Arg{graph.Normal(3, 5).Of(graph.BF16)}},
			{Name: "bytes", Attrs: SliceAttrs{0, 1, 3}, In: []graph.Arg{graph.Index(9, 4, 3).Of(graph.I8)}},
			{Name: "unsigned", Attrs: SliceAttrs{1, 0, 4}, In: []graph.Arg{graph.Index(9, 3, 5).Of(graph.U8)}},
		},
	}
	graph.Ops.Register(sliceOp.Name, sliceOp.Doc, &sliceOp)
}

// runs describes the slice as copies of size elements, stride apart in the input from an offset on.
func (a SliceAttrs) runs(x graph.Shape) (outer, size, stride, from int) {
	outer, inner := around(x, a.Axis)
	return outer, (a.Hi - a.Lo) * inner, x[a.Axis] * inner, a.Lo * inner
}
