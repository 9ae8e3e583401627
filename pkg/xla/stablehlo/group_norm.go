package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("group_norm", "y = (x - mean)·rstd·gamma + beta by row and group", func(_ *emitter, n *graph.Node, in []val) []val {
		a := n.Attrs.(op.GroupNormAttrs)
		gamma, beta := affine(a.NormAttrs, in, 1)
		x := grouped(in[0], a.Groups)
		m, v := moments(x, 1, 3)
		rstd := v.plus(a.Eps).rsqrt()
		y := shifted(x.sub(m).mul(rstd), inGroups(gamma, a.Groups), inGroups(beta, a.Groups))
		stats := n.Outputs[1].Shape
		return []val{y.reshape(in[0].shape...), m.reshape(stats...), rstd.reshape(stats...)}
	})
}
