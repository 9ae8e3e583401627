package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dense_int8", "Gemm of QuantizeLinear and DequantizeLinear", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.DenseInt8Attrs)
		in := []string{quantized(e, e.In(0), 2, a.Scale), widened(e, n.Inputs[1], n.Inputs[2])}
		if len(n.Inputs) == 4 {
			in = append(in, e.In(3))
		}
		y := e.Node("Gemm", in, Set("transB", 1))
		e.Out(0, e.activate(y, a.Act, a.Alpha))
	})
}
