package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_transpose", "y = convolution of dilated input with reversed taps", func(_ *emitter, n *graph.Node, in []val) []val {
		a := n.Attrs.(op.ConvTransposeAttrs)
		return []val{convBack(in[0], in[1], a.Window, a.Groups, n.Outputs[0].Shape)}
	})
}
