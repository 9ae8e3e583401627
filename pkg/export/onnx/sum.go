package onnx

import (
	"slices"

	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sum", "ReduceSum", func(e *Emitter, n *graph.Node) {
		a, rank := n.Attrs.(op.SumAttrs), len(n.Inputs[0].Shape)
		axes, x := slices.Clone(a.Axes), e.Any(0)
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
		e.Out(0, e.Node("ReduceSum", []string{x.Name, e.Ints(axes...)}, Set("keepdims", keep)))
	})
}
