package op

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var logOp graph.Op

// Log is y = ln x. -Inf at 0, NaN below.
//
//	dx = dy/x
func Log(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&logOp, nil, x) }

func init() {
	logOp = unary[struct{}]{
		doc:    "y = ln x",
		kernel: plain(vec.Log),
		eval:   func(_ struct{}, x float64) float64 { return math.Log(x) },
		grad: func(b *graph.Builder, _ struct{}, x, y, dy *graph.Value) *graph.Value {
			return Div(b, dy, x)
		},
		flops: 16,
		cases: unaryCases(nil, positive),
	}.op("log")
	graph.Ops.Register(logOp.Name, logOp.Doc, &logOp)
}
