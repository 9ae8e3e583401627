package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("concat", "y = values behind each other along an axis", func(e *Emitter, n *graph.Node) {
		axis, y := n.Attrs.(op.AxisAttrs).Axis, n.Outputs[0].Shape
		at := 0
		for i, v := range n.Inputs {
			e.move(v.Shape, strides(y), strides(v.Shape), i, at*strides(y)[axis], 0)
			at += v.Shape[axis]
		}
	})
}
