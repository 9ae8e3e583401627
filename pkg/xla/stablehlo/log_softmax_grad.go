package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("log_softmax_grad", "dx = dy - eʸ·Σdy", func(_ *emitter, _ *graph.Node, in []val) []val {
		y, dy := in[0], in[1]
		return []val{dy.sub(y.exp().mul(sumKept(dy, dy.last())))}
	})
}
