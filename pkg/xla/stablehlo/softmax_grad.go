package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("softmax_grad", "dx = y·(dy - Σ y·dy)", func(_ *emitter, _ *graph.Node, in []val) []val {
		y, dy := in[0], in[1]
		return []val{y.mul(dy.sub(sumKept(y.mul(dy), y.last())))}
	})
}
