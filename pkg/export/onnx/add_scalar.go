package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("add_scalar", "Add", func(e *Emitter, n *graph.Node) {
		x := e.Any(0)
		e.Put(0, x.As(e.Node("Add", []string{x.Name, e.Float(n.Attrs.(op.AddScalarAttrs).Term)})))
	})
}
