package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// ScaleAttrs hold the factor.
type ScaleAttrs struct{ Factor float64 }

var scaleOp graph.Op

// Scale is y = c·x for a factor known when the graph is built.
//
//	dx = c·dy
func Scale(b *graph.Builder, x *graph.Value, c float64) *graph.Value {
	return b.One(&scaleOp, ScaleAttrs{c}, x)
}

func init() {
	scaleOp = unary[ScaleAttrs]{
		doc:    "y = c·x",
		kernel: func(a ScaleAttrs, dst, x []float32) { vec.Scale(dst, x, float32(a.Factor)) },
		eval:   func(a ScaleAttrs, x float64) float64 { return a.Factor * x },
		grad: func(b *graph.Builder, a ScaleAttrs, x, y, dy *graph.Value) *graph.Value {
			return Scale(b, dy, a.Factor)
		},
		flops: 1,
		cases: unaryCases(ScaleAttrs{-1.75}, graph.Normal),
	}.op("scale")
	graph.Ops.Register(scaleOp.Name, scaleOp.Doc, &scaleOp)
}
