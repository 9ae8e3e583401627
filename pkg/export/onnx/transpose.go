package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("transpose", "Transpose", func(e *Emitter, n *graph.Node) {
		e.Out(0, e.Node("Transpose", []string{e.In(0)}, Set("perm", n.Attrs.(op.TransposeAttrs).Perm)))
	})
}
