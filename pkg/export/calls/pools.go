package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// Windows are told axis by axis: a table has, for each position of the result, its first position in x and how many there are. Of
// weighted sums, weights and divisors follow in the same order.

// windows are the tables of a node: rows, channels, and for each of three axes the sizes of x and y, followed by the windows. The
// weight of an element is the product of those of its axes, as a float32; so is what a sum is divided by.
func windows(n *graph.Node) (table []int, weights, divs []float32) {
	x, y := n.Inputs[0].Shape, n.Outputs[0].Shape
	axes := op.TapsOf(n)
	for len(axes) < 3 { // axes in front, of one position
		axes = append([][]op.WindowTaps{{{First: 0, Weights: []float64{1}, Div: 1}}}, axes...)
	}
	in, out := [3]int{1, 1, 1}, [3]int{1, 1, 1}
	copy(in[5-len(x):], x[1:len(x)-1])
	copy(out[5-len(y):], y[1:len(y)-1])
	table = append([]int{x[0], x.Last()}, append(in[:], out[:]...)...)
	for _, axis := range axes {
		for _, t := range axis {
			table = append(table, t.First, len(t.Weights))
		}
	}
	for _, t0 := range axes[0] {
		for _, t1 := range axes[1] {
			for _, t2 := range axes[2] {
				divs = append(divs, float32(t0.Div*t1.Div*t2.Div))
				for _, w0 := range t0.Weights {
					for _, w1 := range t1.Weights {
						for _, w2 := range t2.Weights {
							weights = append(weights, float32(w0*w1*w2))
						}
					}
				}
			}
		}
	}
	return table, weights, divs
}

// sumPool is the kind of weighted sums of windows.
func sumPool(e *Emitter, n *graph.Node) {
	table, weights, divs := windows(n)
	e.Call("sumPool", e.Out(0), e.In(0), e.Table(weights), e.Table(divs), table)
}
