package op

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var minimumOp graph.Op

// Minimum is the smaller of x and y, NaN if either is. Shapes are broadcast as in NumPy.
//
//	dx = dz where x < y, dy = dz elsewhere (so equal elements hand it to y)
func Minimum(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&minimumOp, nil, x, y) }

func init() {
	minimumOp = binary{
		doc:    "z = the smaller of x and y, broadcast",
		vector: vec.Min,
		scalar: func(x, y float32) float32 {
			if x < y || x != x {
				return x
			}
			return y
		},
		eval: math.Min,
		grad: func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value) {
			return Mul(b, dz, Greater(b, y, x)), Mul(b, dz, GreaterEqual(b, x, y))
		},
		x: onGrid(0),
		y: onGrid(0.25),
	}.op("minimum")
	graph.Ops.Register(minimumOp.Name, minimumOp.Doc, &minimumOp)
}
