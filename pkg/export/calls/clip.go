package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("clip", "y = x within limits", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ClipAttrs)
		e.InPlace("clip", e.Out(0), e.In(0), size(n), float32(a.Lo), float32(a.Hi))
	})
}
