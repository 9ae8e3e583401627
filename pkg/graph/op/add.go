package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var addOp graph.Op

// Add is z = x + y. Shapes are broadcast as in NumPy.
//
//	dx = dz, dy = dz, each summed over the axes along which its side was repeated
func Add(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&addOp, nil, x, y) }

func init() {
	addOp = binary{
		doc:    "z = x + y, broadcast",
		vector: vec.Add,
		scalar: func(x, y float32) float32 { return x + y },
		right:  vec.AddScalar,
		left:   func(dst []float32, x float32, y []float32) { vec.AddScalar(dst, y, x) },
		eval:   func(x, y float64) float64 { return x + y },
		grad: func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value) {
			return dz, dz
		},
	}.op("add")
	graph.Ops.Register(addOp.Name, addOp.Doc, &addOp)
}
