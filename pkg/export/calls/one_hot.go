package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("one_hot", "1 for a class, 0 for the others", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.OneHotAttrs)
		e.Call("oneHot", e.Out(0), e.In(0), n.Inputs[0].Shape.Size(), a.Classes, float32(a.On), float32(a.Off))
	})
}
