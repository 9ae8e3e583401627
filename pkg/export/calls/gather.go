package calls

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("gather", "rows of a table", func(e *Emitter, n *graph.Node) {
		t := n.Inputs[0].Shape
		e.Call("gather", e.Out(0), e.In(0), e.In(1), n.Inputs[1].Shape.Size(), t[1])
	})
}
