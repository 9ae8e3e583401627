package pass_test

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("fold", rewritings{
		fires: []rewriting{
			{"constants alone", func(b *sketch) *graph.Value {
				return op.Mul(b.Builder, b.in(2), op.Exp(b.Builder, op.Scale(b.Builder, b.Const(graph.Shape{2}, []float32{1, 2}), 3)))
			}},
			{"view of a constant", func(b *sketch) *graph.Value {
				return op.Mul(b.Builder, b.in(2, 1), op.Reshape(b.Builder, b.Const(graph.Shape{2}, []float32{1, 2}), 2, 1))
			}},
		},
		stays: []rewriting{
			{"fed", func(b *sketch) *graph.Value { return op.Mul(b.Builder, b.in(2), b.Scalar(3)) }},
			{"variable", func(b *sketch) *graph.Value {
				return op.Exp(b.Builder, b.Var("v", graph.State, graph.Shape{2}, nil).Value)
			}},
			{"too large to keep", func(b *sketch) *graph.Value { return op.BroadcastTo(b.Builder, b.Scalar(3), 300, 300) }},
		},
	})
}
