package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// UpsampleAttrs hold how many positions come of one along Rank axes (the others are 0), and whether they lie on a line
// between neighbours.
type UpsampleAttrs struct {
	Rank   int
	Factor [3]int
	Linear bool
}

var upsampleOp, upsampleGradOp graph.Op

// Upsample makes more positions of x [batch, axes.., channels] along one to three axes: factor[i] times as many along axis
// i. Each is a copy of the nearest or, if linear, lies between two at
//
//	(o + ½)/factor - ½, but at least 0 and at most n-1
//
// which for two axes is bilinear interpolation, as that of PyTorch with align_corners=False.
func Upsample(b *graph.Builder, x *graph.Value, linear bool, factor ...int) *graph.Value {
	a := UpsampleAttrs{Rank: len(factor), Linear: linear}
	copy(a.Factor[:], factor)
	return b.One(&upsampleOp, a, x)
}

// taps are those along an axis of n positions.
func (a UpsampleAttrs) taps(axis, n int) []taps {
	f := a.Factor[axis]
	all := make([]taps, n*f)
	for o := range all {
		if !a.Linear {
			all[o] = evenly(o/f, o/f+1, 1)
			continue
		}
		at := max((float64(o)+0.5)/float64(f)-0.5, 0)
		all[o] = evenly(int(at), int(at)+1, 1)
		if part := at - float64(int(at)); part > 0 && int(at) < n-1 {
			all[o].weights = []float64{1 - part, part}
		}
	}
	return all
}

// upsample is shared with the gradient.
func upsample() linearPool {
	return linearPool{
		doc:     "y = several positions for each of x along the axes between batch and channels, copied or interpolated",
		gradDoc: "dx = Σ dy times the share of x in it",
		axes: func(attrs any, x graph.Shape) ([][]taps, error) {
			a := attrs.(UpsampleAttrs)
			if a.Rank < 1 || a.Rank > len(a.Factor) {
				return nil, fmt.Errorf("%d axes, want 1 to %d", a.Rank, len(a.Factor))
			}
			in, err := expectSpatial(x, a.Rank)
			if err != nil {
				return nil, err
			}
			axes := make([][]taps, a.Rank)
			for ax, n := range in {
				if a.Factor[ax] < 1 || n < 1 {
					return nil, fmt.Errorf("axis %d: %d times %d positions", ax, a.Factor[ax], n)
				}
				axes[ax] = a.taps(ax, n)
			}
			return axes, nil
		},
		grad: func() *graph.Op { return &upsampleGradOp },
		cases: []graph.Case{
			{Name: "nearest", Attrs: UpsampleAttrs{Rank: 2, Factor: [3]int{2, 3}}, In: []graph.Arg{graph.Normal(2, 3, 4, 3)}},
			{Name: "bilinear", Attrs: UpsampleAttrs{2, [3]int{2, 3}, true}, In: []graph.Arg{graph.Normal(2, 3, 4, 3)}},
			{Name: "once", Attrs: UpsampleAttrs{2, [3]int{1, 4}, true}, In: []graph.Arg{graph.Normal(1, 3, 1, 2)}},
			{Name: "one axis", Attrs: UpsampleAttrs{Rank: 1, Factor: [3]int{3}}, In: []graph.Arg{graph.Normal(2, 5, 2)}},
			{Name: "linear", Attrs: UpsampleAttrs{1, [3]int{5}, true}, In: []graph.Arg{graph.Normal(2, 5, 2)}},
			{Name: "three axes", Attrs: UpsampleAttrs{3, [3]int{2, 1, 2}, true}, In: []graph.Arg{graph.Normal(1, 2, 3, 2, 2)}},
			{Name: "units", Attrs: UpsampleAttrs{2, [3]int{2, 2}, true}, In: []graph.Arg{graph.Normal(3, 12, 13, 17)}},
		},
	}
}

func init() {
	upsampleOp = upsample().op("upsample")
	graph.Ops.Register(upsampleOp.Name, upsampleOp.Doc, &upsampleOp)
}
