package pass_test

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// twice is an op without a kernel: x + x.
var twice = &graph.Op{
	Name:  "twice",
	Infer: func(_ any, in []graph.Type) ([]graph.Type, error) { return in, nil },
	Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
		return []*graph.Value{op.Add(b, n.Inputs[0], n.Inputs[0])}
	},
}

func init() {
	cases("lower", rewritings{
		fires: []rewriting{{"stands for a sum", func(b *sketch) *graph.Value { return b.One(twice, nil, b.in(2)) }}},
		stays: []rewriting{{"with a kernel", func(b *sketch) *graph.Value { return op.Softmax(b.Builder, b.in(2, 3)) }}},
	})
}
