package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("lerp", "x + t·(y - x) by Sub, Mul and Add", func(e *Emitter, n *graph.Node) {
		x, y, result := e.Pair()
		step := e.Node("Mul", []string{e.Node("Sub", []string{y, x}), e.Float(n.Attrs.(op.LerpAttrs).T)})
		e.Put(0, result.As(e.Node("Add", []string{x, step})))
	})
}
