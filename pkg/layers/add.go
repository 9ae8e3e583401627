package layers

import "dnn/pkg/graph/op"

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
