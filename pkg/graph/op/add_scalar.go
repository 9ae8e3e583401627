package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// AddScalarAttrs hold what is added.
type AddScalarAttrs struct{ Term float64 }

var addScalarOp graph.Op

// AddScalar is y = x + c for a number known when the graph is built.
//
//	dx = dy
func AddScalar(b *graph.Builder, x *graph.Value, c float64) *graph.Value {
	return b.One(&addScalarOp, AddScalarAttrs{c}, x)
}

func init() {
	addScalarOp = unary[AddScalarAttrs]{
		doc:    "y = x + c",
		kernel: func(a AddScalarAttrs, dst, x []float32) { vec.AddScalar(dst, x, float32(a.Term)) },
		eval:   func(a AddScalarAttrs, x float64) float64 { return x + a.Term },
		grad: func(b *graph.Builder, a AddScalarAttrs, x, y, dy *graph.Value) *graph.Value {
			return dy
		},
		flops: 1,
		cases: unaryCases(AddScalarAttrs{0.75}, graph.Normal),
	}.op("add_scalar")
	graph.Ops.Register(addScalarOp.Name, addScalarOp.Doc, &addScalarOp)
}
