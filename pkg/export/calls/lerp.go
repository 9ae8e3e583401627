package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("lerp", "z = x + t·(y - x)", func(e *Emitter, n *graph.Node) {
		e.InPlace("lerp", e.Out(0), e.In(0), e.In(1), size(n), float32(n.Attrs.(op.LerpAttrs).T))
	})
}
