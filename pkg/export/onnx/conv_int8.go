package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_int8", "Conv of QuantizeLinear and DequantizeLinear", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.ConvInt8Attrs), e.First(0)
		in := []string{quantized(e, x.Name, len(n.Inputs[0].Shape), a.Scale), widened(e, n.Inputs[1], n.Inputs[2])}
		if len(n.Inputs) == 4 {
			in = append(in, e.In(3))
		}
		y := e.Node("Conv", in, convSettings(a.Window, a.Groups)...)
		e.Put(0, Any{Name: e.activate(y, a.Act, a.Alpha), form: first})
	})
}
