package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("layer_norm", "rows with mean 0 and variance 1", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.NormAttrs)
		gamma, beta := e.affine(a, 1)
		cols := n.Inputs[0].Shape.Last()
		e.InPlace("layerNorm", e.Out(0), e.In(0), gamma, beta, size(n)/cols, cols, float32(a.Eps))
	})
}
