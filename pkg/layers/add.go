package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("add", "the sum of several inputs", &Add{}).Also("sum")
}

// Add sums its inputs, element by element, in their order.
//
// Shapes: two or more inputs of one shape, and that.
//
// Errors: shapes that differ; category indices; fewer than two inputs.
type Add struct{}

// Build adds.
func (l *Add) Build(c *Context, in []Signal) Signal {
	return join(c, in, "added", op.Add)
}

// Cases are examples of it.
func (*Add) Cases() []Case {
	return []Case{
		{Layer: "{type: add, inputs: [a, b, a]}", In: []Input{floats("a", 2, 3), floats("b", 2, 3)}, Out: graph.Shape{2, 3}},
	}
}
