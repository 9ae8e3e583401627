package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("dequantize", "y = whole numbers times the scales of their rows", func(_ *emitter, n *graph.Node, in []val) []val {
		rows := in[0].as("f32").reshape(in[0].shape[0], in[0].shape[1:].Size())
		return []val{rows.mul(column(in[1])).reshape(n.Outputs[0].Shape...)}
	})
}
