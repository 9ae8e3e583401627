package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_weight_grad", "dw = convolution over the rows of the batch", func(_ *emitter, n *graph.Node, in []val) []val {
		a := n.Attrs.(op.ConvAttrs)
		return []val{convWeights(in[0], in[1], a.Window, a.Groups, n.Outputs[0].Shape)}
	})
}
