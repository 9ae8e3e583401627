package op

import "dnn/pkg/graph"

const (
	// chunk is how many elements make a unit of work of their own: enough to be worth handing to a thread, few enough
	// that a layer gives each thread some. A multiple of 64, so that random draws fall into whole groups.
	chunk = 4096
	// strip is how many columns make a unit: a few cache lines.
	strip = 64
	// rowBlock is how many rows are summed in one chain before the next one starts. It bounds the rounding error and lets
	// threads share tall, narrow matrices.
	rowBlock = 1024
)

func ceil(a, b int) int { return (a + b - 1) / b }

// cut is a phase over n things in units of per things; run is told a range of things. The cut follows from the shape
// alone, never from the number of threads.
func cut(n, per int, run func(c *graph.Call, lo, hi int)) graph.Phase {
	return graph.Phase{Units: ceil(n, per), Run: func(c *graph.Call, lo, hi int) {
		run(c, lo*per, min(hi*per, n))
	}}
}

// elementwise is the kernel of an op that computes each of n elements on its own.
func elementwise(n int, run func(c *graph.Call, lo, hi int)) graph.Kernel {
	return graph.Kernel{Phases: []graph.Phase{cut(n, chunk, run)}}
}

// byRows is a phase over the rows of a matrix.
func byRows(rows, cols int, run func(c *graph.Call, lo, hi int)) graph.Phase {
	return cut(rows, max(1, chunk/max(cols, 1)), run)
}

// rowwise is the kernel of an op that computes each row of its first input on its own.
func rowwise(n *graph.Node, run func(c *graph.Call, cols, lo, hi int)) graph.Kernel {
	s := n.Inputs[0].Shape
	cols := s.Last()
	return graph.Kernel{Phases: []graph.Phase{byRows(rowsOf(s), cols, func(c *graph.Call, lo, hi int) {
		run(c, cols, lo, hi)
	})}}
}

// cost is the cost of an op that does so many floating-point operations for each element of its largest value, and
// moves each value once.
func cost(flops float64) func(n *graph.Node) graph.Cost {
	return func(n *graph.Node) graph.Cost {
		size := 0
		for _, v := range append(n.Inputs[:len(n.Inputs):len(n.Inputs)], n.Outputs...) {
			size = max(size, v.Shape.Size())
		}
		return graph.Cost{Flops: flops * float64(size), Bytes: traffic(n)}
	}
}

// productCost is that of a node that does nothing but multiply and add, whole numbers as well as floats.
func productCost(n *graph.Node, flops float64) graph.Cost {
	return graph.Cost{Flops: flops, Products: flops / 2, Bytes: traffic(n)}
}

// traffic is the number of bytes moved when each value is read or written once.
func traffic(n *graph.Node) float64 {
	bytes := 0
	for _, v := range n.Inputs {
		bytes += v.Bytes()
	}
	for _, v := range n.Outputs {
		bytes += v.Bytes()
	}
	return float64(bytes)
}

// firstOrder is why a gradient has none of its own.
const firstOrder = "is a gradient itself; only first derivatives are taken"
