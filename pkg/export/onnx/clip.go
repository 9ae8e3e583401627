package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("clip", "Clip", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.ClipAttrs), e.Any(0)
		e.Put(0, x.As(e.Node("Clip", []string{x.Name, e.Float(a.Lo), e.Float(a.Hi)})))
	})
}
