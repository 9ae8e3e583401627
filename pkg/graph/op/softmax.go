package op

import (
	"math"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var softmaxOp graph.Op

// Softmax is y = eˣ/Σeˣ along the last axis, computed from x - max x.
//
//	dx = y·(dy - Σ y·dy)
func Softmax(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&softmaxOp, nil, x) }

func init() {
	softmaxOp = rowFunction{
		doc:    "y = eˣ/Σeˣ along the last axis",
		kernel: prob.Softmax,
		eval: func(y, x []float64) {
			logSoftmax64(y, x)
			for i, v := range y {
				y[i] = math.Exp(v)
			}
		},
		grad: func() *graph.Op { return &softmaxGradOp },
	}.op("softmax")
	graph.Ops.Register(softmaxOp.Name, softmaxOp.Doc, &softmaxOp)
}
