package layers

import (
	"reflect"

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

// padded is masked for indices too, which stay as they are: the dataset pads them with one of their own.
func padded(c *Context, x Signal) *graph.Value {
	if x.Value.DType != graph.F32 {
		return x.Value
	}
	return masked(c, x)
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

// lengths are those of what a layer makes of several inputs step by step: of all that have some, which must be the same.
func (c *Context) lengths(in ...Signal) *graph.Value {
	var all *graph.Value
	for _, s := range in {
		switch {
		case s.Lengths == nil:
		case all == nil:
			all = s.Lengths
		case !alike(all, s.Lengths):
			c.Fail("", "its inputs are sequences of different lengths, row by row, so their steps do not belong together")
		}
	}
	return all
}

// alike reports whether two values are computed in the same way from the same.
func alike(x, y *graph.Value) bool {
	n, m := x.Node, y.Node
	if x == y {
		return true
	}
	if n.Op == nil || n.Op != m.Op || x.Index != y.Index || len(n.Inputs) != len(m.Inputs) || !reflect.DeepEqual(n.Attrs, m.Attrs) {
		return false
	}
	for i := range n.Inputs {
		if !alike(n.Inputs[i], m.Inputs[i]) {
			return false
		}
	}
	return true
}

// steps checks that rows are sequences of features, [steps, ..].
func (c *Context) steps(x Signal) {
	c.Floats(x)
	if row := x.Shape(); len(row) < 2 {
		hint := x.joined.hint()
		if len(row) == 1 && hint == "" {
			hint = "; a reshape layer with shape: [-1, 1] makes each number a step"
		}
		c.Fail("", "takes sequences, rows of shape [steps, features], its input has rows of shape %v%s", row, hint)
	}
}

// features checks that rows are sequences of vectors, [steps, features].
func features(c *Context, x Signal) {
	c.steps(x)
	if row := x.Shape(); len(row) != 2 {
		c.Fail("", "takes sequences, rows of shape [steps, features], its input has rows of shape %v", row)
	}
}
