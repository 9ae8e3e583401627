package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("pad", "y = x within zeros along an axis", func(e *Emitter, n *graph.Node) {
		a, y := n.Attrs.(op.PadAttrs), n.Outputs[0].Shape
		e.Call("fill", e.Out(0), size(n), float32(0))
		e.move(n.Inputs[0].Shape, strides(y), strides(n.Inputs[0].Shape), 0, a.Before*strides(y)[a.Axis], 0)
	})
}
