package onnx

import "dnn/pkg/graph"

func init() {
	Registry.Register("gather", "Gather", func(e *Emitter, n *graph.Node) {
		e.Out(0, e.Node("Gather", []string{e.In(0), e.In(1)}, Set("axis", 0)))
	})
}
