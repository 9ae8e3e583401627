package op

import (
	"fmt"
	"slices"

	"dnn/pkg/graph"
)

// SumAttrs are the axes to sum over, ascending; Keep leaves them with extent 1.
type SumAttrs struct {
	Axes []int
	Keep bool
}

var sumOp graph.Op

// Sum is y = Σx over the given axes; negative ones count from the end, none at all means every axis. With keep the axes
// stay with extent 1, otherwise they are dropped.
//
// The order of additions follows from the shape alone: rows are summed over 64 lanes, the columns of a matrix each in one
// chain, as in a product with ones, long vectors in pieces of kernel.SumBlock. From three axes on the first is that of the
// rows of a batch, and is summed last; within each the columns are chains of 1024 positions. So zeros behind each row's
// sequence change no bit, nor do they in a matrix of all rows' steps.
//
//	dx = dy repeated over the summed axes
func Sum(b *graph.Builder, x *graph.Value, axes []int, keep bool) *graph.Value {
	return b.One(&sumOp, SumAttrs{resolveAxes(axes, x.Shape.Rank()), keep}, x)
}

// Mean is the sum divided by the number of elements that go into each of its results.
func Mean(b *graph.Builder, x *graph.Value, axes []int, keep bool) *graph.Value {
	y := Sum(b, x, axes, keep)
	return Scale(b, y, float64(y.Shape.Size())/float64(x.Shape.Size()))
}

// resolveAxes sorts axes, counts negative ones from the end, and takes none for all.
func resolveAxes(axes []int, rank int) []int {
	var out []int
	for _, ax := range axes {
		if ax < 0 {
			ax += rank
		}
		out = append(out, ax)
	}
	if len(axes) == 0 {
		for ax := range rank {
			out = append(out, ax)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

func init() {
	sumOp = graph.Op{
		Name: "sum",
		Doc:  "y = Σx over some axes",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			a, s := attrs.(SumAttrs), in[0].Shape
			for _, ax := range a.Axes {
				if ax < 0 || ax >= len(s) {
					return nil, fmt.Errorf("%v has no axis %d", s, ax)
				}
			}
			kept, dropped := a.shapes(s)
			if a.Keep {
				return []graph.Type{graph.Floats(kept...)}, nil
			}
			return []graph.Type{graph.Floats(dropped...)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			s := n.Inputs[0].Shape
			kept, _ := n.Attrs.(SumAttrs).shapes(s)
			return []*graph.Value{BroadcastTo(b, Reshape(b, dout[0], kept...), s...)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s := n.Inputs[0].Shape
			kept, _ := n.Attrs.(SumAttrs).shapes(s)
			eachIndex(s, func(i int, at []int) { out[0].F[at[0]] += in[0].F[i] }, broadcastStrides(kept, s))
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return newReduction(n.Inputs[0].Shape, n.Attrs.(SumAttrs).Axes)
		},
		Cost: cost(1),
		Cases: []graph.Case{
			{Name: "all", Attrs: SumAttrs{Axes: []int{0, 1}}, In: []graph.Arg{graph.Normal(3, 5)}},
			{Name: "all blocks", Attrs: SumAttrs{Axes: []int{0}}, In: []graph.Arg{graph.Normal(9001)}},
			{Name: "scalar", Attrs: SumAttrs{}, In: []graph.Arg{graph.Normal()}},
			{Name: "rows", Attrs: SumAttrs{Axes: []int{1}}, In: []graph.Arg{graph.Normal(7, 11)}},
			{Name: "rows kept", Attrs: SumAttrs{Axes: []int{1, 2}, Keep: true}, In: []graph.Arg{graph.Normal(5, 3, 4)}},
			{Name: "columns", Attrs: SumAttrs{Axes: []int{0}}, In: []graph.Arg{graph.Normal(7, 11)}},
			{Name: "tall columns", Attrs: SumAttrs{Axes: []int{0, 1}}, In: []graph.Arg{graph.Normal(50, 50, 3)}},
			{Name: "wide columns", Attrs: SumAttrs{Axes: []int{0}}, In: []graph.Arg{graph.Normal(33, 500)}},
			{Name: "middle", Attrs: SumAttrs{Axes: []int{1}}, In: []graph.Arg{graph.Normal(3, 5, 4)}},
			{Name: "around", Attrs: SumAttrs{Axes: []int{0, 2}}, In: []graph.Arg{graph.Normal(3, 5, 4)}},
			{Name: "alternating", Attrs: SumAttrs{Axes: []int{0, 2, 4}, Keep: true}, In: []graph.Arg{graph.Normal(2, 3, 2, 3, 2)}},
			{Name: "ones", Attrs: SumAttrs{Axes: []int{0, 2}}, In: []graph.Arg{graph.Normal(1, 4, 1)}},
			{Name: "many", Attrs: SumAttrs{Axes: []int{1}}, In: []graph.Arg{graph.Normal(1500, 2, 3)}},
		},
	}
	graph.Ops.Register(sumOp.Name, sumOp.Doc, &sumOp)
}

// shapes are those of the result with the axes kept and with the axes dropped.
func (a SumAttrs) shapes(s graph.Shape) (kept, dropped graph.Shape) {
	dropped = graph.Shape{}
	for ax, e := range s {
		if slices.Contains(a.Axes, ax) {
			kept = append(kept, 1)
		} else {
			kept, dropped = append(kept, e), append(dropped, e)
		}
	}
	return kept, dropped
}
