package onnx

import "dnn/pkg/graph"

// reshape gives a value another shape, or says that it has it in another form already.
func reshape(e *Emitter, n *graph.Node) {
	x, y := n.Inputs[0], n.Outputs[0]
	if n.Op.View(n) != 0 || x.Shape.Size() != y.Shape.Size() {
		e.Refuse("reads a part of what is computed")
		return
	}
	rank, w := len(x.Shape), e.values[x]
	switch {
	case rank == len(y.Shape) && e.alikeRows(x, y) && x.Shape.Last() == y.Shape.Last():
		e.values[y] = w
	case w.of[merged] != "" && e.alikeRows(w.like, y) && sameLast(e, x, y):
		e.Out(0, w.of[merged])
	case len(y.Shape) == 2 && rank > 2 && sameLast(e, x, y) && x.Shape[1:rank-1].Size() > 1:
		e.Put(0, Any{e.In(0), merged, x})
	default:
		e.Out(0, e.Node("Reshape", []string{e.In(0), e.Shape(x, y)}))
	}
}

// sameLast reports whether the last axes of two values are the same.
func sameLast(e *Emitter, x, y *graph.Value) bool {
	return len(x.Shape) > 0 && len(y.Shape) > 0 && e.Size(x, len(x.Shape)-1).equal(e.Size(y, len(y.Shape)-1)) && e.Size(y, len(y.Shape)-1).fixed()
}
