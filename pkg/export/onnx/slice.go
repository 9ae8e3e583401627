package onnx

import (
	"math"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("slice", "Slice", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.SliceAttrs)
		if to := e.Size(n.Outputs[0], a.Axis); e.Size(n.Inputs[0], a.Axis).fixed() && !to.fixed() && a.Lo == 0 {
			e.Out(0, e.Node("Slice", []string{e.In(0), e.Ints(0), e.Length(to), e.Ints(a.Axis)}))
			return
		}
		lo, hi := fromEnd(e, n, a.Axis, func(a op.SliceAttrs) int { return a.Lo }), fromEnd(e, n, a.Axis, func(a op.SliceAttrs) int { return a.Hi })
		if hi == 0 {
			hi = math.MaxInt32
		}
		e.Out(0, e.Node("Slice", []string{e.In(0), e.Ints(lo), e.Ints(hi), e.Ints(a.Axis)}))
	})
}

// fromEnd is a place along an axis: as it is where it is the same for all sizes, else as one from the end, below or equal to 0.
func fromEnd(e *Emitter, n *graph.Node, axis int, place func(a op.SliceAttrs) int) int {
	at, size := place(n.Attrs.(op.SliceAttrs)), n.Inputs[0].Shape[axis]
	same, end := true, true
	for i := range e.variants {
		o := e.variants[i].Graph.Values[n.Outputs[0].ID].Node
		other := place(o.Attrs.(op.SliceAttrs))
		same = same && other == at
		end = end && other-o.Inputs[0].Shape[axis] == at-size
	}
	switch {
	case same:
		return at
	case end:
		return at - size
	}
	e.fix(e.Size(n.Outputs[0], axis), "a part of a sequence depends on it")
	return at
}
