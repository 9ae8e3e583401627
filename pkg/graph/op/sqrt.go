package op

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var sqrtOp graph.Op

// Sqrt is y = √x. NaN below 0.
//
//	dx = dy/(2y)
func Sqrt(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&sqrtOp, nil, x) }

func init() {
	sqrtOp = unary[struct{}]{
		doc:    "y = √x",
		kernel: plain(vec.Sqrt),
		eval:   func(_ struct{}, x float64) float64 { return math.Sqrt(x) },
		grad: func(b *graph.Builder, _ struct{}, x, y, dy *graph.Value) *graph.Value {
			return Scale(b, Div(b, dy, y), 0.5)
		},
		flops: 4,
		cases: unaryCases(nil, positive),
	}.op("sqrt")
	graph.Ops.Register(sqrtOp.Name, sqrtOp.Doc, &sqrtOp)
}
