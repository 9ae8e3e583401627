package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("activate", "the activation, or what it is made of", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.ActivateAttrs), e.Any(0)
		e.Put(0, x.As(e.activate(x.Name, a.Act, a.Alpha)))
	})
}
