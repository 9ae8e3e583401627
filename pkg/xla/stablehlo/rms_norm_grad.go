package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("rms_norm_grad", "dx and dgamma along the last axis", func(_ *emitter, n *graph.Node, in []val) []val {
		a, dy, r := normOf(n), in[0], column(in[2])
		h := in[1].mul(r)
		gamma, _ := affine(a, in, 3)
		g := scaled(dy, gamma)
		return params([]val{r.mul(g.sub(h.mul(mean(g.mul(h), g.last()))))}, a, dy, h)
	})
}
