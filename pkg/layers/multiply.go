package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("multiply", "the product of several inputs", &Multiply{}).Also("mul")
}

// Multiply multiplies its inputs, element by element, in their order: one may gate the other.
//
// Shapes: two or more inputs of one shape, and that.
//
// Errors: shapes that differ; category indices; fewer than two inputs.
type Multiply struct{}

// Build multiplies.
func (l *Multiply) Build(c *Context, in []Signal) Signal {
	return join(c, in, "multiplied", op.Mul)
}

// Cases are examples of it.
func (*Multiply) Cases() []Case {
	return []Case{
		{Layer: "{type: multiply, inputs: [a, b, a]}", In: []Input{floats("a", 5), floats("b", 5)}, Out: graph.Shape{5}},
	}
}
