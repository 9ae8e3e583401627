package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dense_int8", "y = act(x·(w·scales)ᵀ + bias), in 8-bit integers", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.DenseInt8Attrs)
		m, k, width := n.Inputs[0].Shape[0], n.Inputs[0].Shape[1], n.Outputs[0].Shape[1]
		e.Call("denseInt8", e.Out(0), e.In(0), e.In(1), e.In(2), e.optional(3), e.ScratchInts(k), m, width, k, a.Scale)
		if a.Act != op.ActNone {
			e.activate(e.Out(0), size(n), a.Act, a.Alpha)
		}
	})
}

// optional is input i of the node, None where there are less.
func (e *Emitter) optional(i int) Arg {
	if i >= len(e.node.Inputs) {
		return None{}
	}
	return e.In(i)
}
