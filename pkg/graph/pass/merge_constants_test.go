package pass_test

import (
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("merge_constants", rewritings{
		fires: []rewriting{{"equal constants", func(b *sketch) *graph.Value {
			return b.both(op.Greater(b.Builder, b.in(2), b.Scalar(3)), op.Greater(b.Builder, b.in(2), b.Scalar(3)))
		}}},
		stays: []rewriting{
			{"other number", func(b *sketch) *graph.Value {
				return b.both(op.Greater(b.Builder, b.in(2), b.Scalar(3)), op.Greater(b.Builder, b.in(2), b.Scalar(4)))
			}},
			{"other shape", func(b *sketch) *graph.Value {
				one := b.Const(graph.Shape{1}, []float32{3})
				return b.both(op.Greater(b.Builder, b.in(2), b.Scalar(3)), op.Greater(b.Builder, b.in(2), one))
			}},
			{"zeros of either sign", func(b *sketch) *graph.Value {
				return b.both(op.Div(b.Builder, b.in(2), b.Scalar(0)), op.Div(b.Builder, b.in(2), b.Scalar(math.Copysign(0, -1))))
			}},
		},
	})
}
