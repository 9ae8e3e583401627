package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("group_norm_grad", "dx, dgamma and dbeta by row and group", func(_ *emitter, n *graph.Node, in []val) []val {
		a, s := n.Attrs.(op.GroupNormAttrs), in[0].shape
		dy, x := grouped(in[0], a.Groups), grouped(in[1], a.Groups)
		stat := func(v val) val { return v.reshape(s[0], 1, a.Groups, 1) }
		rstd := stat(in[3])
		h := x.sub(stat(in[2])).mul(rstd)
		var gamma *val
		if a.Gamma {
			gamma = &in[4]
		}
		dx := normGrad(scaled(dy, inGroups(gamma, a.Groups)), h, rstd, 1, 3)
		return params([]val{dx.reshape(s...)}, a.NormAttrs, in[0], h.reshape(s...))
	})
}
