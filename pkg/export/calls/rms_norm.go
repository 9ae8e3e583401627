package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rms_norm", "rows with a mean square of 1", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.NormAttrs)
		gamma, _ := e.affine(a, 1)
		cols := n.Inputs[0].Shape.Last()
		e.InPlace("rmsNorm", e.Out(0), e.In(0), gamma, size(n)/cols, cols, float32(a.Eps))
	})
}
