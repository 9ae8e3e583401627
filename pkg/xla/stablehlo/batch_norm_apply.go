package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("batch_norm_apply", "y = (x - mean)·rstd·gamma + beta with given statistics", func(_ *emitter, n *graph.Node, in []val) []val {
		a := normOf(n)
		gamma, beta := affine(a, in, 3)
		return []val{shifted(in[0].sub(in[1]).mul(scaled(in[2].plus(a.Eps).rsqrt(), gamma)), nil, beta)}
	})
}
