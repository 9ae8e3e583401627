package onnx

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sum", "ReduceSum, or ReduceMean where the sum is divided by its count", func(e *Emitter, n *graph.Node) {
		a, rank := n.Attrs.(op.SumAttrs), len(n.Inputs[0].Shape)
		axes, x, name := slices.Clone(a.Axes), e.Any(0), "ReduceSum"
		if isMean(e, n, axes) {
			name = "ReduceMean"
		}
		keep := 0
		if a.Keep {
			keep = 1
		}
		if x.form == first && !a.Keep && !slices.Contains(axes, 0) && !slices.Contains(axes, rank-1) && len(axes) == rank-2 {
			for i, ax := range axes {
				axes[i] = firstAxis(ax, rank)
			}
		} else {
			x.Name = e.In(0)
		}
		e.Out(0, e.Node(name, []string{x.Name, e.Ints(axes...)}, Set("keepdims", keep)))
	})
}

// isMean reports whether all that reads a sum divides it by the number of what was summed. Then both are one node.
func isMean(e *Emitter, n *graph.Node, axes []int) bool {
	count := 1
	for _, ax := range axes {
		count *= n.Inputs[0].Shape[ax]
	}
	users := e.uses[n.Outputs[0].ID]
	if len(users) != 1 || users[0].Op.Name != "scale" || float32(users[0].Attrs.(op.ScaleAttrs).Factor) != 1/float32(count) {
		return false
	}
	e.done[users[0]], e.result = true, users[0].Outputs[0]
	return true
}
