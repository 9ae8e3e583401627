package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// tiny replaces a divisor, or an argument of a logarithm, that is zero.
const tiny = 1e-30

// perRow is the mean over all axes but the first, weighted where weight is given, and the row's total weight.
func perRow(b *graph.Builder, each, weight *graph.Value) (loss, total *graph.Value) {
	axes := make([]int, each.Shape.Rank()-1)
	for i := range axes {
		axes[i] = i + 1
	}
	switch {
	case len(axes) == 0:
		return each, weight
	case weight == nil:
		return op.Mean(b, each, axes, false), nil
	}
	total = op.Sum(b, weight, axes, false)
	sum := op.Sum(b, op.Mul(b, each, weight), axes, false)
	return op.Div(b, sum, op.Maximum(b, total, b.Scalar(tiny))), total
}

// neg is -x.
func neg(b *graph.Builder, x *graph.Value) *graph.Value { return op.Scale(b, x, -1) }

// oneMinus is 1-x.
func oneMinus(b *graph.Builder, x *graph.Value) *graph.Value { return op.AddScalar(b, neg(b, x), 1) }

// list is a constant of one axis.
func list(b *graph.Builder, x []float64) *graph.Value {
	data := make([]float32, len(x))
	for i, v := range x {
		data[i] = float32(v)
	}
	return b.Const(graph.Shape{len(x)}, data)
}
