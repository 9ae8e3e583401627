package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("one_hot", "OneHot", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.OneHotAttrs)
		values := e.Floats("off_on", []float32{float32(a.Off), float32(a.On)}, 2)
		e.Out(0, e.Node("OneHot", []string{e.cast(e.In(0), file.Int64), e.Int(a.Classes), values}, Set("axis", -1)))
	})
}
