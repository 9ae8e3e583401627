package pass_test

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("dead_code", rewritings{
		fires: []rewriting{{"unread", func(b *sketch) *graph.Value {
			x := b.in(2)
			op.Square(b.Builder, op.Exp(b.Builder, x))
			return op.Abs(b.Builder, x)
		}}},
		stays: []rewriting{
			{"variable that nothing reads", func(b *sketch) *graph.Value {
				b.Var("v", graph.State, graph.Shape{2}, nil)
				return op.Abs(b.Builder, b.in(2))
			}},
			{"next value of a variable", func(b *sketch) *graph.Value {
				v := b.Var("v", graph.State, graph.Shape{2}, nil)
				b.Assign(v, op.Exp(b.Builder, v.Value))
				return op.Abs(b.Builder, b.in(2))
			}},
			{"second output", func(b *sketch) *graph.Value {
				_, mean, _ := op.BatchNorm(b.Builder, b.in(4, 2), nil, nil, 1e-5)
				return mean
			}},
		},
	})
}
