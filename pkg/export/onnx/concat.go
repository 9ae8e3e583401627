package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("concat", "Concat", func(e *Emitter, n *graph.Node) {
		axis, result := n.Attrs.(op.AxisAttrs).Axis, Any{form: first}
		for _, v := range n.Inputs {
			if w := e.values[v]; w == nil || w.of[first] == "" {
				result.form = plain
			}
		}
		var in []string
		for i := range n.Inputs {
			if result.form == first {
				in = append(in, e.First(i).Name)
			} else {
				in = append(in, e.In(i))
			}
		}
		if result.form == first {
			axis = firstAxis(axis, len(n.Inputs[0].Shape))
		}
		e.Put(0, result.As(e.Node("Concat", in, Set("axis", axis))))
	})
}

// firstAxis is where an axis lies when the last of so many comes behind the first.
func firstAxis(axis, rank int) int {
	switch axis {
	case 0:
		return 0
	case rank - 1:
		return 1
	}
	return axis + 1
}
