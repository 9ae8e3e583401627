package onnx

import "dnn/pkg/graph"

func init() {
	Registry.Register("gather_int8", "Gather of integers and of their scales", func(e *Emitter, n *graph.Node) {
		rows := e.float(e.Node("Gather", []string{e.In(0), e.In(2)}, Set("axis", 0)))
		scales := e.Node("Gather", []string{e.In(1), e.In(2)}, Set("axis", 0))
		e.Out(0, e.Node("Mul", []string{rows, e.Node("Unsqueeze", []string{scales, e.Ints(-1)})}))
	})
}
