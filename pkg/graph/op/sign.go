package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var signOp graph.Op

// Sign is y = -1, 0 or 1. Its gradient is zero.
func Sign(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&signOp, nil, x) }

func init() {
	signOp = unary[struct{}]{
		doc:    "y = -1, 0 or 1, the sign of x",
		kernel: plain(vec.Sign),
		eval: func(_ struct{}, x float64) float64 {
			switch {
			case x > 0:
				return 1
			case x < 0:
				return -1
			}
			return x
		},
		flops: 1,
		cases: unaryCases(nil, offZero),
	}.op("sign")
	graph.Ops.Register(signOp.Name, signOp.Doc, &signOp)
}
