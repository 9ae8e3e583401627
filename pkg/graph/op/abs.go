package op

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var absOp graph.Op

// Abs is y = |x|.
//
//	dx = dy·sign(x)
func Abs(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&absOp, nil, x) }

func init() {
	absOp = unary[struct{}]{
		doc:    "y = |x|",
		kernel: plain(vec.Abs),
		eval:   func(_ struct{}, x float64) float64 { return math.Abs(x) },
		grad: func(b *graph.Builder, _ struct{}, x, y, dy *graph.Value) *graph.Value {
			return Mul(b, dy, Sign(b, x))
		},
		flops: 1,
		cases: unaryCases(nil, offZero),
	}.op("abs")
	graph.Ops.Register(absOp.Name, absOp.Doc, &absOp)
}
