package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("flatten", "all axes of a row in one", &Flatten{})
}

// Flatten joins all axes of a row, the last running fastest. Of an image that is [height, width, channels]: the channels of
// the first place, then those of the place to its right. PyTorch flattens [channels, height, width], so the weights of a
// dense layer behind it, taken from there, need their columns in this order.
//
// Shapes: [a, b, ..] to [a·b·..]; a row of one axis stays as it is. Sequences of different lengths are padded with zeros,
// and their lengths are lost.
type Flatten struct{}

// settle: the rank is certain, the width is not.
func (*Flatten) settle(in, _ unknown) unknown {
	if in&shapeUnknown != certain {
		return widthUnknown
	}
	return certain
}

// Cases are examples of it.
func (*Flatten) Cases() []Case {
	return []Case{
		{Layer: "flatten", Out: graph.Shape{6}},
		{Layer: "flatten", In: []Input{floats("x", 3, 2, 2)}, Out: graph.Shape{12}},
		{Layer: "flatten", In: []Input{floats("x")}, Out: graph.Shape{1}},
	}
}

// Build reshapes.
func (l *Flatten) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	if len(x.Shape()) == 1 {
		return x
	}
	return Signal{Value: op.Reshape(c.B, padded(c, x), x.Rows(), -1), Categories: x.Categories}
}
