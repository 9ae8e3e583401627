package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("activate", "y = act(x)", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ActivateAttrs)
		e.activate(e.In(0), size(n), a.Act, a.Alpha)
	})
}
