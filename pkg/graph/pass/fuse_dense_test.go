package pass_test

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("fuse_dense", rewritings{
		fires: []rewriting{
			{"bias", func(b *sketch) *graph.Value { return b.product(true) }},
			{"bias and activation", func(b *sketch) *graph.Value { return b.act(b.product(true), vec.ActRelu) }},
			{"activation", func(b *sketch) *graph.Value { return b.act(b.product(false), vec.ActTanh) }},
		},
		stays: []rewriting{
			{"product alone", func(b *sketch) *graph.Value { return b.product(false) }},
			{"product is read by others", func(b *sketch) *graph.Value {
				y := b.product(false)
				return b.both(op.Add(b.Builder, y, b.in(2)), y)
			}},
			{"activated product is read by others", func(b *sketch) *graph.Value {
				y := b.product(false)
				return b.both(b.act(y, vec.ActRelu), y)
			}},
			{"added matrix", func(b *sketch) *graph.Value { return op.Add(b.Builder, b.product(false), b.in(4, 2)) }},
			{"left matrix transposed", func(b *sketch) *graph.Value {
				return b.act(op.MatMul(b.Builder, b.in(3, 4), b.in(3, 2), true, false), vec.ActRelu)
			}},
		},
	})
}
