package op

import (
	"fmt"

	"dnn/pkg/graph"
)

// broadcast is the shape that both shapes can be stretched to by NumPy's rule: axes are aligned at the end, and an axis
// that is missing or has extent 1 is repeated.
func broadcast(x, y graph.Shape) (graph.Shape, error) {
	out := make(graph.Shape, max(len(x), len(y)))
	for i := range out {
		d, e := extentFromEnd(x, len(out)-1-i), extentFromEnd(y, len(out)-1-i)
		if d != e && d != 1 && e != 1 {
			return nil, fmt.Errorf("%v and %v cannot be broadcast: extents %d and %d differ", x, y, d, e)
		}
		out[i] = d
		if d == 1 {
			out[i] = e
		}
	}
	return out, nil
}

func extentFromEnd(s graph.Shape, i int) int {
	if i >= len(s) {
		return 1
	}
	return s[len(s)-1-i]
}

// broadcastStrides are the strides of s when it is stretched to out: 0 along repeated axes.
func broadcastStrides(s, out graph.Shape) []int {
	d := make([]int, len(out))
	own := strides(s)
	for ax := range out {
		if i := ax - (len(out) - len(s)); i >= 0 && s[i] == out[ax] {
			d[ax] = own[i]
		}
	}
	return d
}

// sumTo undoes a broadcast: it sums v over the axes that were repeated to get from shape to v's. It is the gradient of
// broadcasting.
func sumTo(b *graph.Builder, v *graph.Value, shape graph.Shape) *graph.Value {
	if v == nil || v.Shape.Equal(shape) {
		return v
	}
	var axes []int
	extra := len(v.Shape) - len(shape)
	for ax, e := range v.Shape {
		if ax < extra || shape[ax-extra] != e {
			axes = append(axes, ax)
		}
	}
	if len(axes) > 0 {
		v = Sum(b, v, axes, true)
	}
	return Reshape(b, v, shape...)
}

// eachIndex calls f with the positions, in memory order, of each element of an output and of the input elements that
// the strides lead to. It is for references, where speed does not matter.
func eachIndex(out graph.Shape, f func(i int, at []int), strides ...[]int) {
	index, at := make([]int, len(out)), make([]int, len(strides))
	for i := range out.Size() {
		f(i, at)
		for ax := len(out) - 1; ax >= 0; ax-- {
			index[ax]++
			for k, s := range strides {
				at[k] += s[ax]
			}
			if index[ax] < out[ax] {
				break
			}
			for k, s := range strides {
				at[k] -= s[ax] * out[ax]
			}
			index[ax] = 0
		}
	}
}
