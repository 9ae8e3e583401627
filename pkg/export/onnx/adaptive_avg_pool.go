package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("adaptive_avg_pool", "GlobalAveragePool, else a product for each axis", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.AdaptivePoolAttrs), e.First(0)
		all := true
		for _, to := range a.Out[:a.Rank] {
			all = all && to == 1
		}
		if all {
			e.Put(0, x.As(e.Node("GlobalAveragePool", []string{x.Name})))
			return
		}
		weighted(e, n, x)
	})
}

// weighted makes positions of others, each axis by a product with a matrix.
func weighted(e *Emitter, n *graph.Node, x Any) {
	rank := len(n.Inputs[0].Shape)
	for ax, taps := range op.TapsOf(n) {
		size := e.Known(n.Inputs[0], 1+ax)[0]
		matrix := make([]float32, size*len(taps)) // [in, out]
		for o, t := range taps {
			for k, w := range t.Weights {
				matrix[(t.First+k)*len(taps)+o] = float32(w / t.Div)
			}
		}
		perm := make([]int, rank)
		for i := range perm {
			perm[i] = i
		}
		perm[2+ax], perm[rank-1] = perm[rank-1], perm[2+ax]
		turn := func() {
			if 2+ax != rank-1 {
				x.Name = e.Node("Transpose", []string{x.Name}, Set("perm", perm))
			}
		}
		turn()
		x.Name = e.Node("MatMul", []string{x.Name, e.Floats("positions", matrix, size, len(taps))})
		turn()
	}
	e.Put(0, x)
}
