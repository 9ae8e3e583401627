package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("pad", "Pad with zeros", func(e *Emitter, n *graph.Node) {
		a, rank := n.Attrs.(op.PadAttrs), len(n.Inputs[0].Shape)
		after := func(n *graph.Node) int {
			return n.Outputs[0].Shape[a.Axis] - n.Inputs[0].Shape[a.Axis] - n.Attrs.(op.PadAttrs).Before
		}
		for i := range e.variants {
			o := e.variants[i].Graph.Values[n.Outputs[0].ID].Node
			if after(o) != after(n) || o.Attrs.(op.PadAttrs).Before != a.Before {
				e.fix(e.Size(n.Outputs[0], a.Axis), "padding depends on it")
				return
			}
		}
		pads := make([]int, 2*rank)
		pads[a.Axis], pads[rank+a.Axis] = a.Before, after(n)
		e.Out(0, e.Node("Pad", []string{e.In(0), e.Ints(pads...), e.Float(0)}))
	})
}
