package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var mulOp graph.Op

// Mul is z = x · y, element by element. Shapes are broadcast as in NumPy.
//
//	dx = dz·y, dy = dz·x, each summed over the axes along which its side was repeated
func Mul(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&mulOp, nil, x, y) }

func init() {
	mulOp = binary{
		doc:    "z = x · y element by element, broadcast",
		vector: vec.Mul,
		scalar: func(x, y float32) float32 { return x * y },
		right:  vec.Scale,
		left:   func(dst []float32, x float32, y []float32) { vec.Scale(dst, y, x) },
		eval:   func(x, y float64) float64 { return x * y },
		grad: func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value) {
			return Mul(b, dz, y), Mul(b, dz, x)
		},
	}.op("mul")
	graph.Ops.Register(mulOp.Name, mulOp.Doc, &mulOp)
}
