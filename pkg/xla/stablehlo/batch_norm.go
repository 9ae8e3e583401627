package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("batch_norm", "y = (x - mean)·rstd·gamma + beta by channel", func(_ *emitter, n *graph.Node, in []val) []val {
		a, x := normOf(n), in[0]
		gamma, beta := affine(a, in, 1)
		m, v := moments(x, x.leading()...)
		y := shifted(x.sub(m).mul(v.plus(a.Eps).rsqrt()), gamma, beta)
		channels := x.shape.Last()
		return []val{y, m.reshape(channels), v.reshape(channels)}
	})
}
