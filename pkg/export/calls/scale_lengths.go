package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("scale_lengths", "lengths after windows slid over sequences", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ScaleLengthsAttrs)
		e.Call("scaleLengths", e.Out(0), e.In(0), size(n), a.Times, a.Plus, a.By)
	})
}
