package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("scale", "Mul", func(e *Emitter, n *graph.Node) {
		x := e.Any(0)
		e.Put(0, x.As(e.Node("Mul", []string{x.Name, e.Float(n.Attrs.(op.ScaleAttrs).Factor)})))
	})
}
