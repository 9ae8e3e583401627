package op

import (
	"fmt"
	"strings"

	"dnn/pkg/graph"
)

// Window is the geometry of a convolution or pooling over the spatial axes of [batch, axes.., channels], outermost first.
// Only the first Rank entries count, the others are 0.
type Window struct {
	Rank                                    int
	Kernel, Stride, Dilation, Before, After [3]int // Before and After: padding at either end
}

// String shows what is not usual: "3x3 stride 2x2 padding 1,1x0,1".
func (w Window) String() string {
	text := w.list(func(ax int) string { return fmt.Sprint(w.Kernel[ax]) })
	show := func(name string, usual string, at func(ax int) string) {
		if s := w.list(at); strings.Trim(s, usual+"x,") != "" {
			text += " " + name + " " + s
		}
	}
	show("stride", "1", func(ax int) string { return fmt.Sprint(w.Stride[ax]) })
	show("dilation", "1", func(ax int) string { return fmt.Sprint(w.Dilation[ax]) })
	show("padding", "0", func(ax int) string { return fmt.Sprintf("%d,%d", w.Before[ax], w.After[ax]) })
	return text
}

func (w Window) list(at func(ax int) string) string {
	var parts []string
	for ax := range w.Rank {
		parts = append(parts, at(ax))
	}
	return strings.Join(parts, "x")
}

// Extent is how far the window reaches along an axis: its elements are Dilation apart.
func (w Window) Extent(axis int) int { return w.Dilation[axis]*(w.Kernel[axis]-1) + 1 }

// Out is how many windows there are along each axis of the given extents. It is an error if one does not fit into the
// padded axis, or if the window itself makes no sense.
//
//	out = ⌊(in + before + after - extent)/stride⌋ + 1
func (w Window) Out(in []int) ([]int, error) {
	if w.Rank < 1 || w.Rank > 3 || len(in) != w.Rank {
		return nil, fmt.Errorf("a window over %d axes is laid on %d", w.Rank, len(in))
	}
	out := make([]int, w.Rank)
	for ax, n := range in {
		k, s, d := w.Kernel[ax], w.Stride[ax], w.Dilation[ax]
		if k < 1 || s < 1 || d < 1 || w.Before[ax] < 0 || w.After[ax] < 0 {
			return nil, fmt.Errorf("axis %d: a window of %d, stride %d, dilation %d, padding %d and %d", ax, k, s, d, w.Before[ax], w.After[ax])
		}
		room := n + w.Before[ax] + w.After[ax] - w.Extent(ax)
		if n < 1 || room < 0 {
			return nil, fmt.Errorf("axis %d: a window of %d does not fit into %d with padding %d and %d", ax, w.Extent(ax), n, w.Before[ax], w.After[ax])
		}
		out[ax] = room/s + 1
	}
	return out, nil
}

// expectSpatial checks that x is [batch, axes.., channels] for windows over rank axes, and returns the extents of the axes.
func expectSpatial(x graph.Shape, rank int) ([]int, error) {
	if x.Rank() != rank+2 {
		return nil, fmt.Errorf("x is %v, want a batch, %d axes and channels", x, rank)
	}
	return x[1 : 1+rank], nil
}
