package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("slice", "y = a part of x along an axis", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.SliceAttrs), n.Inputs[0].Shape
		e.move(n.Outputs[0].Shape, strides(n.Outputs[0].Shape), strides(x), 0, 0, a.Lo*strides(x)[a.Axis])
	})
}
