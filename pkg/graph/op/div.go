package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var divOp graph.Op

// Div is z = x / y. Shapes are broadcast as in NumPy.
//
//	dx = dz/y, dy = -z·dz/y, each summed over the axes along which its side was repeated
func Div(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&divOp, nil, x, y) }

func init() {
	divOp = binary{
		doc:    "z = x / y, broadcast",
		vector: vec.Div,
		scalar: func(x, y float32) float32 { return x / y },
		eval:   func(x, y float64) float64 { return x / y },
		grad: func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value) {
			dx = Div(b, dz, y)
			return dx, Scale(b, sumTo(b, Mul(b, dx, z), y.Shape), -1)
		},
		y: positive,
	}.op("div")
	graph.Ops.Register(divOp.Name, divOp.Doc, &divOp)
}
