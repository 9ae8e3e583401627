package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var squareOp graph.Op

// Square is y = x².
//
//	dx = 2·dy·x
func Square(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&squareOp, nil, x) }

func init() {
	squareOp = unary[struct{}]{
		doc:    "y = x²",
		kernel: plain(vec.Square),
		eval:   func(_ struct{}, x float64) float64 { return x * x },
		grad: func(b *graph.Builder, _ struct{}, x, y, dy *graph.Value) *graph.Value {
			return Scale(b, Mul(b, dy, x), 2)
		},
		flops: 1,
		cases: unaryCases(nil, graph.Normal),
	}.op("square")
	graph.Ops.Register(squareOp.Name, squareOp.Doc, &squareOp)
}
