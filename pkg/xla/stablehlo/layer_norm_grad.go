package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("layer_norm_grad", "dx, dgamma and dbeta along the last axis", func(_ *emitter, n *graph.Node, in []val) []val {
		a, dy, rstd := normOf(n), in[0], column(in[3])
		h := in[1].sub(column(in[2])).mul(rstd)
		var gamma *val
		if a.Gamma {
			gamma = &in[4]
		}
		return params([]val{normGrad(scaled(dy, gamma), h, rstd, dy.last())}, a, dy, h)
	})
}
