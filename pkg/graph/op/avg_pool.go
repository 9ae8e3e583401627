package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// AvgPoolAttrs hold the windows of avg_pool, what they are averages of, and how many of the last positions of the padding
// never count.
type AvgPoolAttrs struct {
	Window
	CountPadding bool
	Beyond       [3]int
}

var avgPoolOp, avgPoolGradOp graph.Op

// AvgPool is the mean of each window, channel by channel, for x [batch, axes.., channels] with one to three axes and y of
// as many windows as the geometry has. With countPadding the padding takes part with zeros, otherwise means are those of
// the elements within x. Dilation must be 1, and no window may lie in the padding altogether.
//
// Windows are summed in one chain, element by element, and divided by their count.
func AvgPool(b *graph.Builder, x *graph.Value, win Window, countPadding bool) *graph.Value {
	return AvgPoolBeyond(b, x, win, countPadding, [3]int{})
}

// AvgPoolBeyond is AvgPool where the last beyond positions of the padding behind x never count. They are there to let a
// last window begin, which PyTorch calls ceil_mode.
func AvgPoolBeyond(b *graph.Builder, x *graph.Value, win Window, countPadding bool, beyond [3]int) *graph.Value {
	return b.One(&avgPoolOp, AvgPoolAttrs{win, countPadding, beyond}, x)
}

// avgPool is shared with the gradient.
func avgPool() linearPool {
	box := Window{3, [3]int{2, 3, 2}, [3]int{2, 1, 2}, [3]int{1, 1, 1}, [3]int{0, 1, 1}, [3]int{1, 1, 0}}
	return linearPool{
		doc:     "y = the mean of each window over the axes between batch and channels",
		gradDoc: "dx = Σ dy / count over the windows that x is part of",
		axes: func(attrs any, x graph.Shape) ([][]taps, error) {
			a := attrs.(AvgPoolAttrs)
			for ax := range a.Rank {
				if a.Beyond[ax] < 0 || a.Beyond[ax] > a.After[ax] {
					return nil, fmt.Errorf("axis %d: of a padding of %d, %d do not count", ax, a.After[ax], a.Beyond[ax])
				}
			}
			return a.poolAxes(x, a.CountPadding, a.Beyond)
		},
		grad: func() *graph.Op { return &avgPoolGradOp },
		cases: []graph.Case{
			{Name: "2x2", Attrs: AvgPoolAttrs{Window: poolSquare(2, 2, 0)}, In: []graph.Arg{graph.Normal(2, 4, 6, 3)}},
			{Name: "2x2 and a rest", Attrs: AvgPoolAttrs{Window: poolSquare(2, 2, 0)}, In: []graph.Arg{graph.Normal(1, 5, 7, 4)}},
			{Name: "overlapping", Attrs: AvgPoolAttrs{Window: poolSquare(3, 2, 1)}, In: []graph.Arg{graph.Normal(2, 5, 6, 2)}},
			{Name: "overlapping counted", Attrs: AvgPoolAttrs{Window: poolSquare(3, 2, 1), CountPadding: true}, In: []graph.Arg{graph.Normal(2, 5, 6, 2)}},
			{Name: "beyond", Attrs: AvgPoolAttrs{poolStretch(3, 2, 1, 2), true, [3]int{1}}, In: []graph.Arg{graph.Normal(2, 6, 2)}},
			{Name: "gaps", Attrs: AvgPoolAttrs{Window: poolSquare(1, 3, 0)}, In: []graph.Arg{graph.Normal(1, 5, 4, 2)}},
			{Name: "one axis", Attrs: AvgPoolAttrs{Window: poolStretch(3, 2, 1, 0)}, In: []graph.Arg{graph.Normal(2, 8, 5)}},
			{Name: "three axes", Attrs: AvgPoolAttrs{Window: box}, In: []graph.Arg{graph.Normal(1, 3, 4, 5, 2)}},
			{Name: "units", Attrs: AvgPoolAttrs{Window: poolSquare(2, 2, 0)}, In: []graph.Arg{graph.Normal(3, 24, 26, 17)}},
		},
	}
}

func init() {
	avgPoolOp = avgPool().op("avg_pool")
	graph.Ops.Register(avgPoolOp.Name, avgPoolOp.Doc, &avgPoolOp)
}
