package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// masked is x with zeros in the steps beyond each row's length: they count as the padding of a window does, so that a
// row in a batch of longer ones gives what it gives alone.
func masked(c *Context, x Signal) *graph.Value {
	if x.Lengths == nil {
		return x.Value
	}
	mask := graph.Shape{x.Rows(), x.Shape()[0]}
	for len(mask) < x.Value.Shape.Rank() {
		mask = append(mask, 1)
	}
	return op.Mul(c.B, x.Value, op.Reshape(c.B, op.SequenceMask(c.B, x.Lengths, mask[1]), mask...))
}

// windowed is the signal of y, whose steps are the places of the window win in the steps of x.
func windowed(c *Context, x Signal, y *graph.Value, win op.Window, padding Padding) Signal {
	y2 := x.With(y)
	stride := win.Stride[0]
	switch {
	case x.Lengths == nil:
	case padding.Word == "same": // ⌈length/stride⌉
		y2.Lengths = op.ScaleLengths(c.B, x.Lengths, 1, stride-1, stride)
	default: // ⌊(length + padding - extent)/stride⌋ + 1
		y2.Lengths = op.ScaleLengths(c.B, x.Lengths, 1, win.Before[0]+win.After[0]-win.Extent(0)+stride, stride)
	}
	return y2
}
