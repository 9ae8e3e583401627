package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/layers/activation"
)

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

// Cases are examples of it.
func (*Activation) Cases() []Case {
	return []Case{
		{Layer: "{type: activation, function: silu}", Out: graph.Shape{6}},
		{Layer: "{type: activation, function: {type: elu, alpha: 0.5}}", In: []Input{floats("x", 2, 3)}, Out: graph.Shape{2, 3}},
		{Layer: "{type: activation, function: log_softmax}", In: []Input{floats("x", 2, 3)}, Out: graph.Shape{2, 3}},
	}
}

// Build applies.
func (l *Activation) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.Floats(in[0])
	return in[0].With(activate(c.B, l.Function, in[0].Value))
}
