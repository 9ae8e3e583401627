package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var greaterEqualOp graph.Op

// GreaterEqual is the mask z = 1 where x >= y, else 0 (also where either is NaN). Shapes are broadcast as in NumPy. Its gradient is
// zero.
func GreaterEqual(b *graph.Builder, x, y *graph.Value) *graph.Value {
	return b.One(&greaterEqualOp, nil, x, y)
}

func init() {
	greaterEqualOp = binary{
		doc:    "z = 1 where x >= y, else 0, broadcast",
		vector: vec.GreaterEqual,
		scalar: func(x, y float32) float32 {
			if x >= y {
				return 1
			}
			return 0
		},
		eval: func(x, y float64) float64 {
			if x >= y {
				return 1
			}
			return 0
		},
		x: onGrid(0),
		y: onGrid(0.25),
	}.op("greater_equal")
	graph.Ops.Register(greaterEqualOp.Name, greaterEqualOp.Doc, &greaterEqualOp)
}
