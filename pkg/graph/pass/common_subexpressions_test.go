package pass_test

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("common_subexpressions", rewritings{
		fires: []rewriting{{"equal nodes", func(b *sketch) *graph.Value {
			x := b.in(2)
			return op.Add(b.Builder, op.Exp(b.Builder, x), op.Exp(b.Builder, x))
		}}},
		stays: []rewriting{
			{"other input", func(b *sketch) *graph.Value {
				return op.Add(b.Builder, op.Exp(b.Builder, b.in(2)), op.Exp(b.Builder, b.in(2)))
			}},
			{"other setting", func(b *sketch) *graph.Value {
				x := b.in(2)
				return op.Add(b.Builder, op.Scale(b.Builder, x, 2), op.Scale(b.Builder, x, 3))
			}},
			{"update", func(b *sketch) *graph.Value {
				x := b.in(2)
				b.Stage = graph.Update
				return op.Add(b.Builder, op.Exp(b.Builder, x), op.Exp(b.Builder, x))
			}},
		},
	})
}
