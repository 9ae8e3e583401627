package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var subOp graph.Op

// Sub is z = x - y. Shapes are broadcast as in NumPy.
//
//	dx = dz, dy = -dz, each summed over the axes along which its side was repeated
func Sub(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&subOp, nil, x, y) }

func init() {
	subOp = binary{
		doc:    "z = x - y, broadcast",
		vector: vec.Sub,
		scalar: func(x, y float32) float32 { return x - y },
		right:  func(dst, x []float32, y float32) { vec.AddScalar(dst, x, -y) },
		eval:   func(x, y float64) float64 { return x - y },
		grad: func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value) {
			// Summed before the sign is changed: less to change.
			return dz, Scale(b, sumTo(b, dz, y.Shape), -1)
		},
	}.op("sub")
	graph.Ops.Register(subOp.Name, subOp.Doc, &subOp)
}
