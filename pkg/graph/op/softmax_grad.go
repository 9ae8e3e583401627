package op

import (
	"dnn/internal/kernel/prob"
	"dnn/pkg/graph"
)

var softmaxGradOp graph.Op

func init() {
	softmaxGradOp = rowGradient{
		doc:    "dx = y·(dy - Σ y·dy) along the last axis, for y = softmax(x)",
		kernel: prob.SoftmaxGrad,
		eval: func(dx, y, dy []float64) {
			sum := 0.0
			for i, v := range y {
				sum += v * dy[i]
			}
			for i, v := range y {
				dx[i] = v * (dy[i] - sum)
			}
		},
	}.op("softmax_grad")
	graph.Ops.Register(softmaxGradOp.Name, softmaxGradOp.Doc, &softmaxGradOp)
}
