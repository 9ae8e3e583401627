package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("rms_norm", "y = x·r·gamma along the last axis", func(_ *emitter, n *graph.Node, in []val) []val {
		a, x := normOf(n), in[0]
		gamma, _ := affine(a, in, 1)
		r := mean(x.mul(x), x.last()).plus(a.Eps).rsqrt()
		return []val{scaled(x.mul(r), gamma), r.reshape(n.Outputs[1].Shape...)}
	})
}
