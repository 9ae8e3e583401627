package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("add_scalar", "y = x + c", func(e *Emitter, n *graph.Node) {
		e.InPlace("applyBy", e.Out(0), e.In(0), size(n), Func("add"), float32(n.Attrs.(op.AddScalarAttrs).Term))
	})
}
