package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("avg_pool", "AveragePool", averagePool)
}

// averagePool pads beforehand where some of the padding counts and some does not.
func averagePool(e *Emitter, n *graph.Node) {
	a, x := n.Attrs.(op.AvgPoolAttrs), e.First(0)
	w, count := a.Window, 0
	if a.CountPadding {
		count = 1
	}
	if a.CountPadding && a.Beyond != [3]int{} {
		pads := make([]int, 2*(2+w.Rank))
		for ax := range w.Rank {
			pads[2+ax], pads[2+w.Rank+2+ax] = w.Before[ax], w.After[ax]-a.Beyond[ax]
			w.Before[ax], w.After[ax] = 0, a.Beyond[ax]
		}
		x.Name, count = e.Node("Pad", []string{x.Name, e.Ints(pads...), e.Float(0)}), 0
	}
	settings := append(windowSettings(w), Set("count_include_pad", count))
	e.Put(0, x.As(e.Node("AveragePool", []string{x.Name}, settings...)))
}
