package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("matmul", "z = dot_general", matmulOf)
}

func matmulOf(_ *emitter, n *graph.Node, in []val) []val {
	a, r := n.Attrs.(op.MatMulAttrs), len(in[0].shape)
	var batch []int
	for ax := range r - 2 {
		batch = append(batch, ax)
	}
	overX, overY := r-1, r-2
	if a.TransX {
		overX = r - 2
	}
	if a.TransY {
		overY = r - 1
	}
	return []val{dot(in[0], in[1], batch, batch, []int{overX}, []int{overY})}
}
