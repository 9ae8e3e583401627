package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dense_sparse", "Gemm, with all weights", func(e *Emitter, n *graph.Node) {
		shape := graph.Shape{n.Outputs[0].Shape[1], n.Inputs[0].Shape[1]}
		w := widen(e, n.Inputs[1:], func(b *graph.Builder, in []*graph.Value) *graph.Value {
			return op.WidenSparse(b, in[0], in[1], in[2], shape)
		})
		if w != nil {
			e.Out(0, e.Node("Gemm", []string{e.In(0), e.Floats(e.paramName(n.Inputs[1]), w, shape...)}, Set("transB", 1)))
		}
	})
}
