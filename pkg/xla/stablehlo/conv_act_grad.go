package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_act_grad", "dx = convolution, times the slope", func(e *emitter, n *graph.Node, in []val) []val {
		a, s := n.Attrs.(op.ConvActAttrs), n.Outputs[0].Shape
		dx := in[0]
		if a.Transposed {
			dx = convBack(in[0], in[1], a.Window, a.Groups, s)
		} else {
			dx = conv(in[0], in[1], a.Window, a.Groups, s)
		}
		if a.Residual {
			dx = dx.add(in[3])
		}
		return []val{slope(dx, in[2], a.Act, a.Alpha)}
	})
}
