package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("batch_norm_apply", "BatchNormalization", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.NormAttrs), e.Any(0)
		gamma, beta := affine(e, a, 3)
		channels := n.Inputs[0].Shape.Last()
		if len(n.Inputs[0].Shape) > 2 {
			x = e.First(0)
		} else {
			x = Any{Name: e.In(0)}
		}
		in := []string{x.Name, orAll(e, gamma, channels, 1), orAll(e, beta, channels, 0), e.In(1), e.In(2)}
		e.Put(0, x.As(e.Node("BatchNormalization", in, Set("epsilon", a.Eps))))
	})
}
