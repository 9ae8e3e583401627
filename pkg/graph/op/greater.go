package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var greaterOp graph.Op

// Greater is the mask z = 1 where x > y, else 0 (also where either is NaN). Shapes are broadcast as in NumPy. Its gradient is
// zero.
func Greater(b *graph.Builder, x, y *graph.Value) *graph.Value { return b.One(&greaterOp, nil, x, y) }

func init() {
	greaterOp = binary{
		doc:    "z = 1 where x > y, else 0, broadcast",
		vector: vec.Greater,
		scalar: func(x, y float32) float32 {
			if x > y {
				return 1
			}
			return 0
		},
		eval: func(x, y float64) float64 {
			if x > y {
				return 1
			}
			return 0
		},
		x: onGrid(0),
		y: onGrid(0.25),
	}.op("greater")
	graph.Ops.Register(greaterOp.Name, greaterOp.Doc, &greaterOp)
}
