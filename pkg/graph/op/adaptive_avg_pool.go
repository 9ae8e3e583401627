package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// AdaptivePoolAttrs hold the extents of the output along Rank axes; the others are 0.
type AdaptivePoolAttrs struct {
	Rank int
	Out  [3]int
}

var adaptiveAvgPoolOp, adaptiveAvgPoolGradOp graph.Op

// AdaptiveAvgPool takes x [batch, axes.., channels] with one to three axes to y with the given extents along them, whatever
// those of x are. Along an axis of n positions that becomes one of m, position i is the mean of
//
//	[⌊i·n/m⌋, ⌈(i+1)·n/m⌉)
//
// as in PyTorch: windows overlap where m does not divide n, and positions are repeated where m is larger.
func AdaptiveAvgPool(b *graph.Builder, x *graph.Value, out ...int) *graph.Value {
	a := AdaptivePoolAttrs{Rank: len(out)}
	copy(a.Out[:], out)
	return b.One(&adaptiveAvgPoolOp, a, x)
}

// adaptiveAvgPool is shared with the gradient.
func adaptiveAvgPool() linearPool {
	return linearPool{
		doc:     "y = the mean of each window, as many windows as wanted evenly laid over the axes between batch and channels",
		gradDoc: "dx = Σ dy / count over the windows that x is part of",
		axes: func(attrs any, x graph.Shape) ([][]taps, error) {
			a := attrs.(AdaptivePoolAttrs)
			if a.Rank < 1 || a.Rank > len(a.Out) {
				return nil, fmt.Errorf("%d axes, want 1 to %d", a.Rank, len(a.Out))
			}
			in, err := expectSpatial(x, a.Rank)
			if err != nil {
				return nil, err
			}
			axes := make([][]taps, a.Rank)
			for ax, n := range in {
				m := a.Out[ax]
				if m < 1 || n < 1 {
					return nil, fmt.Errorf("axis %d: %d positions from %d", ax, m, n)
				}
				for i := range m {
					lo, hi := i*n/m, ceil((i+1)*n, m)
					axes[ax] = append(axes[ax], evenly(lo, hi, hi-lo))
				}
			}
			return axes, nil
		},
		grad: func() *graph.Op { return &adaptiveAvgPoolGradOp },
		cases: []graph.Case{
			{Name: "even", Attrs: AdaptivePoolAttrs{2, [3]int{2, 3}}, In: []graph.Arg{graph.Normal(2, 4, 6, 3)}},
			{Name: "uneven", Attrs: AdaptivePoolAttrs{2, [3]int{3, 4}}, In: []graph.Arg{graph.Normal(2, 5, 7, 2)}},
			{Name: "to one", Attrs: AdaptivePoolAttrs{2, [3]int{1, 1}}, In: []graph.Arg{graph.Normal(2, 3, 4, 5)}},
			{Name: "to more", Attrs: AdaptivePoolAttrs{1, [3]int{7}}, In: []graph.Arg{graph.Normal(2, 3, 4)}},
			{Name: "three axes", Attrs: AdaptivePoolAttrs{3, [3]int{2, 3, 2}}, In: []graph.Arg{graph.Normal(1, 3, 3, 5, 2)}},
			{Name: "units", Attrs: AdaptivePoolAttrs{2, [3]int{7, 7}}, In: []graph.Arg{graph.Normal(3, 24, 26, 17)}},
		},
	}
}

func init() {
	adaptiveAvgPoolOp = adaptiveAvgPool().op("adaptive_avg_pool")
	graph.Ops.Register(adaptiveAvgPoolOp.Name, adaptiveAvgPoolOp.Doc, &adaptiveAvgPoolOp)
}
