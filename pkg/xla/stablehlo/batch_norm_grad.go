package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("batch_norm_grad", "dx, dgamma and dbeta from sums by channel", func(_ *emitter, n *graph.Node, in []val) []val {
		a, dy, x := normOf(n), in[0], in[1]
		gamma, _ := affine(a, in, 4)
		rstd := in[3].plus(a.Eps).rsqrt()
		h := x.sub(in[2]).mul(rstd)
		dgamma, dbeta := sum(dy.mul(h), dy.leading()...), sum(dy, dy.leading()...)
		rows := 1 / float64(dy.shape.Size()/max(1, dy.shape.Last()))
		dx := scaled(rstd, gamma).mul(dy.sub(dbeta.times(rows)).sub(h.mul(dgamma.times(rows))))
		return []val{dx, dgamma, dbeta}
	})
}
