package op

import (
	"math"
	"math/rand/v2"

	"dnn/internal/kernel/pool"
	"dnn/pkg/graph"
)

// PoolAttrs hold the windows of max_pool.
type PoolAttrs struct{ Window }

var maxPoolOp graph.Op

// MaxPool is the largest element of each window, channel by channel, for x [batch, axes.., channels] with one to three
// axes and y of as many windows as the geometry has. Padding never is the largest; a window may not lie in it altogether.
// Dilation must be 1. Where an element is NaN, so is the result.
//
// The gradient goes to the first of equals in a window, and to the last NaN, as in PyTorch; see max_pool_grad.
func MaxPool(b *graph.Builder, x *graph.Value, win Window) *graph.Value {
	return b.One(&maxPoolOp, PoolAttrs{win}, x)
}

// axes are the windows along each axis of x.
func (a PoolAttrs) axes(x graph.Shape) ([][]taps, error) { return a.poolAxes(x, false, [3]int{}) }

// poolAxes are the windows along each axis of x [batch, axes.., channels]; see poolTaps.
func (w Window) poolAxes(x graph.Shape, countPadding bool, beyond [3]int) ([][]taps, error) {
	in, err := expectSpatial(x, w.Rank)
	if err != nil {
		return nil, err
	}
	if _, err := w.Out(in); err != nil {
		return nil, err
	}
	axes := make([][]taps, w.Rank)
	for ax, n := range in {
		if axes[ax], err = w.poolTaps(ax, n, countPadding, beyond[ax]); err != nil {
			return nil, err
		}
	}
	return axes, nil
}

// pooled is x with the extents of axes in the place of its own.
func pooled(x graph.Shape, axes [][]taps) graph.Type {
	shape := []int{x[0]}
	for _, axis := range axes {
		shape = append(shape, len(axis))
	}
	return graph.Floats(append(shape, x.Last())...)
}

// mustStencil is the stencil of a node, whose shapes were found to be right before.
func mustStencil(x graph.Shape, axes [][]taps, err error) stencil {
	if err != nil {
		panic(err)
	}
	return newStencil(x, axes)
}

func (a PoolAttrs) stencil(n *graph.Node) stencil {
	x := n.Inputs[0].Shape
	axes, err := a.axes(x)
	return mustStencil(x, axes, err)
}

func init() {
	maxPoolOp = graph.Op{
		Name: "max_pool",
		Doc:  "y = the largest element of each window over the axes between batch and channels",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 1); err != nil {
				return nil, err
			}
			axes, err := attrs.(PoolAttrs).axes(in[0].Shape)
			if err != nil {
				return nil, err
			}
			return []graph.Type{pooled(in[0].Shape, axes)}, nil
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			return []*graph.Value{b.One(&maxPoolGradOp, n.Attrs, n.Inputs[0], dout[0])}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s := n.Attrs.(PoolAttrs).stencil(n)
			s.visit(func(to int, from []int, _ []float64, _ float64) {
				for c := range s.channels {
					out[0].F[to+c] = in[0].F[from[largest(in[0].F, from, c)]+c]
				}
			})
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			f := newForms(n.Attrs.(PoolAttrs).stencil(n))
			return f.kernel(func(c *graph.Call, fm *form, r *run, y, x int) {
				pool.Max(c.Out[0].F[y:], c.In[0].F[x:], fm.offsets, r.n, f.channels, r.every*f.channels, r.step*f.channels)
			})
		},
		Cost:  func(n *graph.Node) graph.Cost { return n.Attrs.(PoolAttrs).stencil(n).cost(n) },
		Cases: maxPoolCases(func(x graph.Arg, _ ...int) []graph.Arg { return []graph.Arg{x} }),
	}
	graph.Ops.Register(maxPoolOp.Name, maxPoolOp.Doc, &maxPoolOp)
}

// largest is the place in a window of its first largest element, or of its last NaN.
func largest(x []float64, from []int, channel int) int {
	best, at := x[from[0]+channel], 0
	for k, f := range from {
		if v := x[f+channel]; v > best || v != v {
			best, at = v, k
		}
	}
	return at
}

// poolSquare is the window over two axes that is alike on both.
func poolSquare(kernel, stride, padding int) Window {
	return Window{2, [3]int{kernel, kernel}, [3]int{stride, stride}, [3]int{1, 1}, [3]int{padding, padding}, [3]int{padding, padding}}
}

// poolStretch is the window over one axis.
func poolStretch(kernel, stride, before, after int) Window {
	return Window{1, [3]int{kernel}, [3]int{stride}, [3]int{1}, [3]int{before}, [3]int{after}}
}

// maxPoolCases are those of both ops; in makes the inputs of x and the shape of y.
func maxPoolCases(in func(x graph.Arg, y ...int) []graph.Arg) []graph.Case {
	ties := graph.Arg{Type: graph.Floats(2, 4, 6, 5), Fixed: true, Fill: func(r *rand.Rand) float64 { return math.Floor(2 * r.Float64()) }}
	fixed := func(shape ...int) graph.Arg { return graph.Arg{Type: graph.Floats(shape...), Fixed: true} } // some are nearly equal
	box := Window{3, [3]int{2, 3, 2}, [3]int{2, 1, 2}, [3]int{1, 1, 1}, [3]int{0, 1, 1}, [3]int{1, 1, 0}}
	return []graph.Case{
		{Name: "2x2", Attrs: PoolAttrs{poolSquare(2, 2, 0)}, In: in(graph.Normal(2, 4, 6, 3), 2, 2, 3, 3)},
		{Name: "2x2 and a rest", Attrs: PoolAttrs{poolSquare(2, 2, 0)}, In: in(graph.Normal(1, 5, 7, 4), 1, 2, 3, 4)},
		{Name: "overlapping", Attrs: PoolAttrs{poolSquare(3, 2, 1)}, In: in(graph.Normal(2, 5, 6, 2), 2, 3, 3, 2)},
		{Name: "dense", Attrs: PoolAttrs{poolSquare(3, 1, 1)}, In: in(graph.Normal(1, 4, 4, 3), 1, 4, 4, 3)},
		{Name: "gaps", Attrs: PoolAttrs{poolSquare(1, 3, 0)}, In: in(graph.Normal(1, 5, 4, 2), 1, 2, 2, 2)},
		{Name: "ties", Attrs: PoolAttrs{poolSquare(2, 2, 0)}, In: in(ties, 2, 2, 3, 5)},
		{Name: "ties overlapping", Attrs: PoolAttrs{poolSquare(3, 1, 0)}, In: in(ties, 2, 2, 4, 5)},
		{Name: "one axis", Attrs: PoolAttrs{poolStretch(3, 2, 1, 0)}, In: in(graph.Normal(2, 8, 5), 2, 4, 5)},
		{Name: "three axes", Attrs: PoolAttrs{box}, In: in(graph.Normal(1, 3, 4, 5, 2), 1, 2, 4, 3, 2)},
		{Name: "units", Attrs: PoolAttrs{poolSquare(2, 2, 0)}, In: in(fixed(3, 24, 26, 17), 3, 12, 13, 17)},
		{Name: "overlapping units", Attrs: PoolAttrs{poolSquare(3, 2, 1)}, In: in(fixed(2, 60, 33, 20), 2, 30, 17, 20)},
	}
}
