package onnx

import "dnn/pkg/graph"

func init() {
	Registry.Register("to_float", "Cast", func(e *Emitter, n *graph.Node) { e.Out(0, e.float(e.In(0))) })
}
