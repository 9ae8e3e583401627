package pass_test

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	cases("fuse_cross_entropy", rewritings{
		fires: []rewriting{
			{"loss alone", func(b *sketch) *graph.Value {
				return b.crossEntropy(op.LogSoftmax(b.Builder, b.in(4, 3)), b.in(4, 3))
			}},
			{"loss and gradient of classes", func(b *sketch) *graph.Value {
				logs, targets := op.LogSoftmax(b.Builder, b.in(4, 3)), op.OneHot(b.Builder, b.ids(4), 3, 1, 0)
				loss, dy := b.crossEntropy(logs, targets), op.Mul(b.Builder, b.in(4, 1), targets)
				return b.both(loss, b.One(made("log_softmax_grad"), nil, logs, dy))
			}},
		},
		stays: []rewriting{
			{"log softmax is read by others", func(b *sketch) *graph.Value {
				logs := op.LogSoftmax(b.Builder, b.in(4, 3))
				return b.both(b.crossEntropy(logs, b.in(4, 3)), logs)
			}},
			{"other factor", func(b *sketch) *graph.Value {
				return op.Scale(b.Builder, op.RowDot(b.Builder, b.in(4, 3), op.LogSoftmax(b.Builder, b.in(4, 3))), -2)
			}},
		},
	})
}
