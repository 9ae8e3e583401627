package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("attention_weights", "w = softmax(scale·q·kᵀ)", func(e *emitter, n *graph.Node, in []val) []val {
		w := newAttention(e, n.Attrs.(op.AttentionAttrs), in)
		scores, seen := w.scores()
		p := w.weights(scores, seen, w.logSum(scores, seen))
		return []val{transpose(p, 0, 1, 3, 2, 4).reshape(n.Outputs[0].Shape...)}
	})
}
