package pass_test

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("hoist_elementwise", rewritings{
		fires: []rewriting{
			{"activation of a reshaped product", func(b *sketch) *graph.Value {
				y := b.act(op.Reshape(b.Builder, b.product(true), 2, 2, 2), vec.ActRelu)
				return op.Scale(b.Builder, op.Reshape(b.Builder, y, 4, 2), 3)
			}},
			{"gradient of an activation", func(b *sketch) *graph.Value {
				y := op.Reshape(b.Builder, b.product(false), 2, 2, 2)
				return op.Scale(b.Builder, b.actGrad(y, b.in(2, 2, 2), vec.ActRelu), 3)
			}},
		},
		stays: []rewriting{
			{"activation of a product", func(b *sketch) *graph.Value {
				return op.Scale(b.Builder, b.act(b.product(true), vec.ActRelu), 3)
			}},
			{"what a caller reads", func(b *sketch) *graph.Value {
				return b.act(op.Reshape(b.Builder, b.product(true), 2, 2, 2), vec.ActRelu)
			}},
			{"reshape alone", func(b *sketch) *graph.Value {
				return op.Scale(b.Builder, op.Reshape(b.Builder, b.product(true), 2, 2, 2), 3)
			}},
		},
	})
}
