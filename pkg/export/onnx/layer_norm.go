package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("layer_norm", "LayerNormalization", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.NormAttrs), e.Rows(0)
		gamma, beta := affine(e, a, 1)
		in := []string{x.Name, orAll(e, gamma, n.Inputs[0].Shape.Last(), 1)}
		if beta != nil {
			in = append(in, e.plain(beta))
		}
		e.Put(0, x.As(e.Node("LayerNormalization", in, Set("axis", -1), Set("epsilon", a.Eps))))
	})
}
