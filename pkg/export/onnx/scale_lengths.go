package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("scale_lengths", "Mul, Add and Div of integers", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.ScaleLengthsAttrs), e.cast(e.In(0), file.Int64)
		y := e.Node("Add", []string{e.Node("Mul", []string{x, e.Int(a.Times)}), e.Int(a.Plus)})
		y = e.Node("Div", []string{e.Node("Max", []string{y, e.Int(0)}), e.Int(a.By)})
		y = e.Node("Where", []string{e.Node("Greater", []string{x, e.Int(0)}), y, e.Int(0)})
		e.Out(0, e.cast(y, file.Int32))
	})
}
