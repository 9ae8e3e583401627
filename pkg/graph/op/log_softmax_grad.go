package op

import (
	"math"

	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var logSoftmaxGradOp graph.Op

func init() {
	logSoftmaxGradOp = rowGradient{
		doc:    "dx = dy - eʸ·Σdy along the last axis, for y = log_softmax(x)",
		kernel: prob.LogSoftmaxGrad,
		eval:   logSoftmaxGrad64,
	}.op("log_softmax_grad")
	graph.Ops.Register(logSoftmaxGradOp.Name, logSoftmaxGradOp.Doc, &logSoftmaxGradOp)
}

func logSoftmaxGrad64(dx, y, dy []float64) {
	sum := 0.0
	for _, v := range dy {
		sum += v
	}
	for i, v := range y {
		dx[i] = dy[i] - math.Exp(v)*sum
	}
}
