package pass_test

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

func init() {
	cases("fuse_gradient", rewritings{
		fires: []rewriting{{"product and derivative", func(b *sketch) *graph.Value {
			return b.actGrad(b.product(false), b.in(4, 2), vec.ActRelu)
		}}},
		stays: []rewriting{
			{"product is read by others", func(b *sketch) *graph.Value {
				y := b.product(false)
				return b.both(b.actGrad(y, b.in(4, 2), vec.ActRelu), y)
			}},
			{"product with a bias", func(b *sketch) *graph.Value {
				return b.actGrad(b.product(true), b.in(4, 2), vec.ActRelu)
			}},
		},
	})
}
