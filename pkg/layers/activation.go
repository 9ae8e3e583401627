package layers

import "dnn/pkg/layers/activation"

func init() {
	Registry.Register("activation", "a function of each element", &Activation{})
}

// Activation applies a function, for where no layer with one of its own stands before it, such as behind a batch_norm.
//
// Shapes: any, unchanged. softmax and log_softmax work along the last axis.
//
// Errors: an input of category indices.
type Activation struct {
	Function activation.Activation `required:"true" doc:"the function"`
}

// Build applies.
func (l *Activation) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	return in[0].With(activate(c.B, l.Function, in[0].Value))
}
