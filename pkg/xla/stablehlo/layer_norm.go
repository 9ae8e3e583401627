package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("layer_norm", "y = (x - mean)·rstd·gamma + beta along the last axis", func(_ *emitter, n *graph.Node, in []val) []val {
		a, x := normOf(n), in[0]
		gamma, beta := affine(a, in, 1)
		m, v := moments(x, x.last())
		rstd := v.plus(a.Eps).rsqrt()
		stats := n.Outputs[1].Shape
		return []val{shifted(x.sub(m).mul(rstd), gamma, beta), m.reshape(stats...), rstd.reshape(stats...)}
	})
}
