package op

import (
	"math"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var maximumOp graph.Op

// Maximum is the larger of x and y, NaN if either is. Shapes are broadcast as in NumPy.
//
//	dx = dz where x > y, dy = dz elsewhere (so equal elements hand it to y)
func Maximum(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&maximumOp, nil, x, y) }

func init() {
	maximumOp = binary{
		doc:    "z = the larger of x and y, broadcast",
		vector: vec.Max,
		scalar: func(x, y float32) float32 {
			if x > y || x != x {
				return x
			}
			return y
		},
		eval: math.Max,
		grad: func(b *graph.Builder, x, y, z, dz *graph.Value) (dx, dy *graph.Value) {
			return Mul(b, dz, Greater(b, x, y)), Mul(b, dz, GreaterEqual(b, y, x))
		},
		x: onGrid(0),
		y: onGrid(0.25),
	}.op("maximum")
	graph.Ops.Register(maximumOp.Name, maximumOp.Doc, &maximumOp)
}
