package stablehlo

import (
	"fmt"
	"strings"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// convolution is one operation with all that a convolution and its two gradients need.
type convolution struct {
	x, w                     val
	dims                     string // of x, w and the result
	stride, dilateX, dilateW []int
	low, high                []int // padding
	groups, batchGroups      int
	out                      graph.Shape
}

func (c convolution) run() val {
	var pads []string
	for ax := range c.low {
		pads = append(pads, fmt.Sprintf("[%d, %d]", c.low[ax], c.high[ax]))
	}
	y := c.x.e.fresh(typ{"f32", c.out})
	c.x.e.line("%s = stablehlo.convolution(%s, %s) dim_numbers = %s, window = {stride = %s, pad = [%s], lhs_dilate = %s, rhs_dilate = %s} {batch_group_count = %d : i64, feature_group_count = %d : i64, precision_config = [#stablehlo<precision HIGHEST>, #stablehlo<precision HIGHEST>]} : (%v, %v) -> %v",
		y.name, c.x.name, c.w.name, c.dims, list(c.stride), strings.Join(pads, ", "), list(c.dilateX), list(c.dilateW),
		c.batchGroups, c.groups, c.x.typ, c.w.typ, y.typ)
	return y
}

// axes writes the numbers of the spatial axes into dimension numbers, in place of S.
func axes(rank int, dims string) string {
	var s []string
	for ax := range rank {
		s = append(s, fmt.Sprint(ax))
	}
	return strings.ReplaceAll(dims, "S", strings.Join(s, ", "))
}

func ones(n int) []int {
	x := make([]int, n)
	for i := range x {
		x[i] = 1
	}
	return x
}

// conv is a convolution from x to y.
func conv(x, w val, win op.Window, groups int, y graph.Shape) val {
	r := win.Rank
	return convolution{
		x: x, w: w, dims: axes(r, "[b, S, f]x[o, i, S]->[b, S, f]"), stride: win.Stride[:r], dilateX: ones(r), dilateW: win.Dilation[:r],
		low: win.Before[:r], high: win.After[:r], groups: groups, batchGroups: 1, out: y,
	}.run()
}

// convBack is the gradient of a convolution by its input, given that by its output: a convolution of what lies stride apart with
// the taps turned round.
func convBack(dy, w val, win op.Window, groups int, x graph.Shape) val {
	r := win.Rank
	o, c, taps := w.shape[0], w.shape[1], w.shape[2:]
	perm, spatial := []int{1, 0, 2}, []int{}
	for ax := range r {
		perm, spatial = append(perm, 3+ax), append(spatial, 2+ax)
	}
	turned := transpose(w.reshape(append(graph.Shape{groups, o / groups, c}, taps...)...), perm...)
	turned = reverse(turned.reshape(append(graph.Shape{o / groups, groups * c}, taps...)...), spatial...)
	low, high := make([]int, r), make([]int, r)
	for ax := range r {
		low[ax] = win.Extent(ax) - 1 - win.Before[ax]
		high[ax] = x[1+ax] - ((dy.shape[1+ax]-1)*win.Stride[ax] + 1) - low[ax] + win.Extent(ax) - 1
	}
	return convolution{
		x: dy, w: turned, dims: axes(r, "[b, S, f]x[i, o, S]->[b, S, f]"), stride: ones(r), dilateX: win.Stride[:r], dilateW: win.Dilation[:r],
		low: low, high: high, groups: groups, batchGroups: 1, out: x,
	}.run()
}

// convWeights is the gradient of a convolution by its weights: a convolution of the input with the gradient by the output, over
// the rows of the batch.
func convWeights(x, dy val, win op.Window, groups int, w graph.Shape) val {
	r := win.Rank
	high := make([]int, r)
	for ax := range r {
		high[ax] = (win.Kernel[ax]-1)*win.Dilation[ax] + (dy.shape[1+ax]-1)*win.Stride[ax] + 1 - x.shape[1+ax] - win.Before[ax]
	}
	return convolution{
		x: x, w: dy, dims: axes(r, "[f, S, b]x[i, S, o]->[f, b, S]"), stride: win.Dilation[:r], dilateX: ones(r), dilateW: win.Stride[:r],
		low: win.Before[:r], high: high, groups: 1, batchGroups: groups, out: w,
	}.run()
}

// around writes a list for a batch, the spatial axes and channels.
func around(win op.Window, of [3]int, other int) []int {
	return append(append([]int{other}, of[:win.Rank]...), other)
}

// padding writes the padding of windows over a batch, spatial axes and channels.
func padding(win op.Window, x, y graph.Shape) string {
	pads := []string{"[0, 0]"}
	for ax := range win.Rank { // what no window covers is not padded
		high := (y[1+ax]-1)*win.Stride[ax] + win.Extent(ax) - x[1+ax] - win.Before[ax]
		pads = append(pads, fmt.Sprintf("[%d, %d]", win.Before[ax], high))
	}
	return "dense<[" + strings.Join(append(pads, "[0, 0]"), ", ") + fmt.Sprintf("]> : tensor<%dx2xi64>", win.Rank+2)
}

// linear makes each position of a spatial axis of some of x, by a constant matrix for each axis.
func linear(x val, matrices []val) val {
	for i, m := range matrices {
		ax := 1 + i
		y := dot(x, m, nil, nil, []int{ax}, []int{1}) // the new axis is the last
		perm := []int{}
		for k := range x.shape {
			switch {
			case k < ax:
				perm = append(perm, k)
			case k == ax:
				perm = append(perm, y.last())
			default:
				perm = append(perm, k-1)
			}
		}
		x = transpose(y, perm...)
	}
	return x
}

// pooled is an op that makes each position of some of its input.
func pooled(e *emitter, n *graph.Node, in []val) []val {
	return []val{linear(in[0], poolMatrices(e, n, false))}
}

// pooledBack is the gradient of such an op.
func pooledBack(name string) Lowering {
	return func(e *emitter, n *graph.Node, in []val) []val {
		a := n.Attrs.(op.InputAttrs)
		o, _ := graph.Ops.Get(name)
		forward := &graph.Node{Op: o, Attrs: a.Of, Inputs: []*graph.Value{{Type: graph.Floats(a.X...)}}}
		return []val{linear(in[0], poolMatrices(e, forward, true))}
	}
}

// poolMatrices are what each position of the output is made of, axis by axis.
func poolMatrices(e *emitter, n *graph.Node, back bool) []val {
	var list []val
	for ax, taps := range op.TapsOf(n) {
		rows, cols := len(taps), n.Inputs[0].Shape[1+ax]
		m := make([]float32, rows*cols)
		for o, t := range taps {
			for k, w := range t.Weights {
				at := o*cols + t.First + k
				if back {
					at = (t.First+k)*rows + o
				}
				m[at] = float32(w / t.Div)
			}
		}
		if back {
			rows, cols = cols, rows
		}
		list = append(list, e.floats(m, rows, cols))
	}
	return list
}
