package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("max_pool", "MaxPool", func(e *Emitter, n *graph.Node) {
		x := e.First(0)
		e.Put(0, x.As(e.Node("MaxPool", []string{x.Name}, windowSettings(n.Attrs.(op.PoolAttrs).Window)...)))
	})
}
