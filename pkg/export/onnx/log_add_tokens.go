package onnx

import (
	"dnn/pkg/graph"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("log_add_tokens", "Log of Exp and a MatMul with OneHot", func(e *Emitter, n *graph.Node) {
		classes := e.Known(n.Inputs[0], 2)[0]
		hot := e.Node("OneHot", []string{e.cast(e.In(2), file.Int64), e.Int(classes), e.Floats("off_on", []float32{0, 1}, 2)}, Set("axis", -1))
		added := e.Node("MatMul", []string{e.In(1), hot}) // [rows, m, classes]
		sum := e.Node("Log", []string{e.Node("Add", []string{e.Node("Exp", []string{e.In(0)}), added})})
		some := e.Node("Greater", []string{added, e.Float(0)}) // others stay, however unlikely
		e.Out(0, e.Node("Where", []string{some, sum, e.In(0)}))
	})
}
