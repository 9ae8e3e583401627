package op

import (
	"dnn/internal/kernel/pool"
	"dnn/pkg/graph"
)

var maxPoolGradOp graph.Op

func init() {
	maxPoolGradOp = graph.Op{
		Name:   "max_pool_grad",
		Doc:    "dx = Σ dy over the windows in which x is the largest element (the first of equals), for x, dy",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 2); err != nil {
				return nil, err
			}
			axes, err := attrs.(PoolAttrs).axes(in[0].Shape)
			if err != nil {
				return nil, err
			}
			return in[:1:1], expectGradient(in[1].Shape, pooled(in[0].Shape, axes).Shape)
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			s := n.Attrs.(PoolAttrs).stencil(n)
			s.visit(func(to int, from []int, _ []float64, _ float64) {
				for c := range s.channels {
					out[0].F[from[largest(in[0].F, from, c)]+c] += in[1].F[to+c]
				}
			})
		},
		Kernel: maxPoolGradKernel,
		Cost:   func(n *graph.Node) graph.Cost { return n.Attrs.(PoolAttrs).stencil(n).cost(n) },
		Cases: maxPoolCases(func(x graph.Arg, y ...int) []graph.Arg {
			return []graph.Arg{x, graph.Normal(y...)}
		}),
	}
	graph.Ops.Register(maxPoolGradOp.Name, maxPoolGradOp.Doc, &maxPoolGradOp)
}

// maxPoolGradKernel looks for the largest elements again: that takes less time than storing where they are. The first axis
// is cut into bands, each of which is written by one unit; windows that reach into two bands are looked at twice. An
// element gets its sum in the order of the windows.
func maxPoolGradKernel(n *graph.Node) graph.Kernel {
	f := newForms(n.Attrs.(PoolAttrs).stencil(n))
	back := transposed(f.axes[0], f.in[0]) // the windows that each row is part of
	apart, covered := true, true
	for ax, axis := range f.axes {
		a, c := tiles(axis, f.in[ax])
		apart, covered = apart && a, covered && c
	}
	rowSize := f.in[1] * f.in[2] * f.channels
	rows := max(1, chunk/max(rowSize, 1))
	if axis := f.axes[0]; len(axis) > 1 {
		if !apart {
			rows = max(rows, 4*len(axis[len(axis)/2].weights))
		}
		step := max(1, axis[len(axis)-1].first-axis[len(axis)-2].first)
		rows = ceil(rows, step) * step
	}
	rows = min(rows, f.in[0])
	bands := ceil(f.in[0], rows)
	return graph.Kernel{Phases: []graph.Phase{cut(f.batch*bands, max(1, chunk/max(rows*rowSize, 1)), func(c *graph.Call, lo, hi int) {
		for u := lo; u < hi; u++ {
			image, from := u/bands, u%bands*rows
			to := min(from+rows, f.in[0])
			if !apart || !covered {
				clear(c.Out[0].F[(image*f.in[0]+from)*rowSize : (image*f.in[0]+to)*rowSize])
			}
			first, last := len(f.axes[0]), 0
			for _, t := range back[from:to] {
				if len(t.weights) > 0 {
					first, last = min(first, t.first), max(last, t.end())
				}
			}
			for o := first; o < last; o++ {
				t := f.axes[0][o]
				lo, hi := max(from-t.first, 0), min(to-t.first, len(t.weights))
				row := (image*f.out[0] + o) * f.out[1]
				f.rows(row, row+f.out[1], func(fm *form, r *run, y, x int) {
					per := len(fm.offsets) / len(t.weights)
					pool.MaxGrad(c.Out[0].F[x:], c.In[0].F[x:], c.In[1].F[y:], fm.offsets, r.n, f.channels,
						r.step*f.channels, r.every*f.channels, lo*per, hi*per, apart)
				})
			}
		}
	})}}
}

// tiles reports whether no position of an axis of n is part of two windows, and whether each is part of one.
func tiles(axis []taps, n int) (apart, covered bool) {
	apart = true
	end := 0
	covered = true
	for _, t := range axis {
		apart = apart && t.first >= end
		covered = covered && t.first <= end
		end = t.end()
	}
	return apart, covered && end == n
}
