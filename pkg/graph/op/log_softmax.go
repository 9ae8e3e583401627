package op

import (
	"math"
	"slices"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var logSoftmaxOp graph.Op

// LogSoftmax is y = x - ln Σeˣ along the last axis, computed from x - max x.
//
//	dx = dy - eʸ·Σdy
func LogSoftmax(b *graph.Builder, x *graph.Value) *graph.Value { return b.One(&logSoftmaxOp, nil, x) }

func init() {
	logSoftmaxOp = rowFunction{
		doc:    "y = x - ln Σeˣ along the last axis",
		kernel: prob.LogSoftmax,
		eval:   logSoftmax64,
		grad:   func() *graph.Op { return &logSoftmaxGradOp },
	}.op("log_softmax")
	graph.Ops.Register(logSoftmaxOp.Name, logSoftmaxOp.Doc, &logSoftmaxOp)
}

func logSoftmax64(y, x []float64) {
	top, sum := slices.Max(x), 0.0
	for _, v := range x {
		sum += math.Exp(v - top)
	}
	for i, v := range x {
		y[i] = v - top - math.Log(sum)
	}
}
