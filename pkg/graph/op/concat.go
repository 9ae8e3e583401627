package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// AxisAttrs choose one axis.
type AxisAttrs struct{ Axis int }

var concatOp graph.Op

// Concat joins values of one type along an axis (a negative one counts from the end); all other extents are equal.
//
//	dxᵢ = the slice of dy that xᵢ went to
func Concat(b *graph.Builder, axis int, xs ...*graph.Value) *graph.Value {
	if len(xs) == 1 {
		return xs[0]
	}
	if axis < 0 && len(xs) > 0 {
		axis += xs[0].Shape.Rank()
	}
	return b.One(&concatOp, AxisAttrs{axis}, xs...)
}

func init() {
	concatOp = graph.Op{
		Name:  "concat",
		Doc:   "y = the inputs joined along an axis",
		Infer: inferConcat,
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			axis, at := n.Attrs.(AxisAttrs).Axis, 0
			dx := make([]*graph.Value, len(n.Inputs))
			for i, x := range n.Inputs {
				if x.DType == graph.F32 {
					dx[i] = Slice(b, dout[0], axis, at, at+x.Shape[axis])
				}
				at += x.Shape[axis]
			}
			return dx
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			axis, at := n.Attrs.(AxisAttrs).Axis, 0
			outer, inner := around(n.Outputs[0].Shape, axis)
			total := n.Outputs[0].Shape[axis] * inner
			for i, x := range n.Inputs {
				size := x.Shape[axis] * inner
				for o := range outer {
					evalRun(out[0], o*total+at, in[i], o*size, size)
				}
				at += size
			}
		},
		Kernel: concatKernel,
		Cost:   cost(0),
		Cases: []graph.Case{
			{Name: "rows", Attrs: AxisAttrs{0}, In: []graph.Arg{graph.Normal(2, 3), graph.Normal(1, 3), graph.Normal(4, 3)}},
			{Name: "columns", Attrs: AxisAttrs{1}, In: []graph.Arg{graph.Normal(5, 3), graph.Normal(5, 1)}},
			{Name: "middle", Attrs: AxisAttrs{1}, In: []graph.Arg{graph.Normal(2, 3, 4), graph.Normal(2, 2, 4)}},
			{Name: "one", Attrs: AxisAttrs{0}, In: []graph.Arg{graph.Normal(7)}},
			{Name: "ints", Attrs: AxisAttrs{1}, In: []graph.Arg{graph.Index(9, 2, 3), graph.Index(9, 2, 2)}},
			{Name: "halves", Attrs: AxisAttrs{1}, In: []graph.Arg{graph.Normal(2, 3).Of(graph.BF16), graph.Normal(2, 2).Of(graph.BF16)}},
		},
	}
	graph.Ops.Register(concatOp.Name, concatOp.Doc, &concatOp)
}

func inferConcat(attrs any, in []graph.Type) ([]graph.Type, error) {
	if len(in) == 0 {
		return nil, fmt.Errorf("takes 1 input or more, got none")
	}
	axis := attrs.(AxisAttrs).Axis
	if err := expectAxis(in[:1], axis); err != nil {
		return nil, err
	}
	extent := 0
	for i, t := range in {
		if t.DType != in[0].DType || t.Shape.Rank() != in[0].Shape.Rank() ||
			!withExtent(t.Shape, axis, 0).Equal(withExtent(in[0].Shape, axis, 0)) {
			return nil, fmt.Errorf("input %d is %v and does not fit the first, %v, along axis %d", i, t, in[0], axis)
		}
		extent += t.Shape[axis]
	}
	return []graph.Type{{DType: in[0].DType, Shape: withExtent(in[0].Shape, axis, extent)}}, nil
}

func concatKernel(n *graph.Node) graph.Kernel {
	axis := n.Attrs.(AxisAttrs).Axis
	outer, inner := around(n.Outputs[0].Shape, axis)
	total := n.Outputs[0].Shape[axis] * inner
	sizes := make([]int, len(n.Inputs))
	for i, x := range n.Inputs {
		sizes[i] = x.Shape[axis] * inner
	}
	return graph.Kernel{Phases: []graph.Phase{byRows(outer, total, func(c *graph.Call, lo, hi int) {
		at := 0
		for i, size := range sizes {
			for o := lo; o < hi; o++ {
				copyRun(&c.Out[0], o*total+at, &c.In[i], o*size, size)
			}
			at += size
		}
	})}}
}
