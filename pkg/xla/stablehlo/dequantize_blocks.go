package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("dequantize_blocks", "y = whole numbers times the scales of their blocks", func(_ *emitter, n *graph.Node, in []val) []val {
		s := n.Outputs[0].Shape
		return []val{widened(in[0], in[1], s[1:].Size()).reshape(s...)}
	})
}
