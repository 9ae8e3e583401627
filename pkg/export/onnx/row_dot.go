package onnx

import "dnn/pkg/graph"

func init() {
	Registry.Register("row_dot", "ReduceSum of Mul", func(e *Emitter, n *graph.Node) {
		e.Out(0, e.Node("ReduceSum", []string{e.Node("Mul", []string{e.In(0), e.In(1)}), e.Ints(-1)}, Set("keepdims", 0)))
	})
}
