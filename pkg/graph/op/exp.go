package op

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var expOp graph.Op

// Exp is y = eˣ.
//
//	dx = dy·y
func Exp(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&expOp, nil, x) }

func init() {
	expOp = unary[struct{}]{
		doc:    "y = eˣ",
		kernel: plain(vec.Exp),
		eval:   func(_ struct{}, x float64) float64 { return math.Exp(x) },
		grad: func(b *graph.Builder, _ struct{}, x, y, dy *graph.Value) *graph.Value {
			return Mul(b, dy, y)
		},
		flops: 12,
		cases: unaryCases(nil, graph.Normal),
	}.op("exp")
	graph.Ops.Register(expOp.Name, expOp.Doc, &expOp)
}
