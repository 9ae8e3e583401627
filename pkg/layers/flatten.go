package layers

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("flatten", "all axes of a row in one", &Flatten{})
}

// Flatten joins all axes of a row, the last running fastest.
//
// Shapes: [a, b, ..] to [a·b·..]; a row of one axis stays as it is. Sequences lose their lengths.
type Flatten struct{}

// settle: the rank is certain, the width is not.
func (*Flatten) settle(in, _ doubt) doubt {
	if in != certain {
		return widthDoubt
	}
	return certain
}

// Build reshapes.
func (l *Flatten) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	x := in[0]
	return Signal{Value: op.Reshape(c.B, x.Value, x.Rows(), -1), Categories: x.Categories}
}
