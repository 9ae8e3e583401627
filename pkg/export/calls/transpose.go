package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("transpose", "y = x with its axes reordered", func(e *Emitter, n *graph.Node) {
		own := strides(n.Inputs[0].Shape)
		var from []int
		for _, ax := range n.Attrs.(op.TransposeAttrs).Perm {
			from = append(from, own[ax])
		}
		e.move(n.Outputs[0].Shape, strides(n.Outputs[0].Shape), from, 0, 0, 0)
	})
}
