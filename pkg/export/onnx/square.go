package onnx

import "dnn/pkg/graph"

func init() {
	Registry.Register("square", "Mul", func(e *Emitter, n *graph.Node) {
		x := e.Any(0)
		e.Put(0, x.As(e.Node("Mul", []string{x.Name, x.Name})))
	})
}
