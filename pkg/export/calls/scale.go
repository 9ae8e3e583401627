package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("scale", "y = c·x", func(e *Emitter, n *graph.Node) {
		e.InPlace("applyBy", e.Out(0), e.In(0), size(n), Func("mul"), float32(n.Attrs.(op.ScaleAttrs).Factor))
	})
}
