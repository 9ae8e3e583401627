package calls

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("row_dot", "y = Σx·y along the last axis", func(e *Emitter, n *graph.Node) {
		cols := n.Inputs[0].Shape.Last()
		e.Call("rowDot", e.Out(0), e.In(0), e.In(1), n.Inputs[0].Shape.Size()/max(1, cols), cols)
	})
}
