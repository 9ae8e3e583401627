package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rms_norm", "x/√(mean x² + eps) by ReduceMean, Sqrt and Div", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.NormAttrs), e.Rows(0)
		mean := e.Node("ReduceMean", []string{e.Node("Mul", []string{x.Name, x.Name}), e.Ints(-1)}, Set("keepdims", 1))
		y := e.Node("Div", []string{x.Name, e.Node("Sqrt", []string{e.Node("Add", []string{mean, e.Float(a.Eps)})})})
		if gamma, _ := affine(e, a, 1); gamma != nil {
			y = e.Node("Mul", []string{y, e.plain(gamma)})
		}
		e.Put(0, x.As(y))
	})
}
