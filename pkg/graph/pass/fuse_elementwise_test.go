package pass_test

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("fuse_elementwise", rewritings{
		fires: []rewriting{{"chain with a side input", func(b *sketch) *graph.Value {
			return op.Exp(b.Builder, op.Mul(b.Builder, op.Square(b.Builder, b.in(2)), b.in(2)))
		}}},
		stays: []rewriting{
			{"single op", func(b *sketch) *graph.Value { return op.Exp(b.Builder, b.in(2)) }},
			{"link is read by others", func(b *sketch) *graph.Value {
				x := op.Square(b.Builder, b.in(2))
				return b.both(op.Exp(b.Builder, x), x)
			}},
			{"step and update", func(b *sketch) *graph.Value {
				x := op.Square(b.Builder, b.in(2))
				b.Stage = graph.Update
				return op.Exp(b.Builder, x)
			}},
		},
	})
}
