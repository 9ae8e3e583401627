package op

import "dnn/pkg/graph"

// WindowTaps are what one position along an axis of a pooled or enlarged image is made of: consecutive positions of the input from
// First on, each with a weight; the sum is divided by Div.
type WindowTaps struct {
	First   int
	Weights []float64
	Div     float64
}

// TapsOf are those of max_pool, avg_pool, adaptive_avg_pool and upsample, by axis and position.
func TapsOf(n *graph.Node) [][]WindowTaps {
	x := n.Inputs[0].Shape
	axes, err := [][]taps(nil), error(nil)
	switch n.Op {
	case &maxPoolOp:
		axes, err = n.Attrs.(PoolAttrs).axes(x)
	case &avgPoolOp:
		axes, err = avgPool().axes(n.Attrs, x)
	case &adaptiveAvgPoolOp:
		axes, err = adaptiveAvgPool().axes(n.Attrs, x)
	case &upsampleOp:
		axes, err = upsample().axes(n.Attrs, x)
	}
	if err != nil { // found when the node was made
		panic(err)
	}
	list := make([][]WindowTaps, len(axes))
	for i, axis := range axes {
		for _, t := range axis {
			list[i] = append(list[i], WindowTaps{t.first, t.weights, t.div})
		}
	}
	return list
}
