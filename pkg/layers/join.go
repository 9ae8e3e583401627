package layers

import "dnn/pkg/graph"

// join reduces two or more inputs of one shape to one by f. done says what it does to them: "added".
func join(c *Context, in []Signal, done string, f func(b *graph.Builder, x, y *graph.Value) *graph.Value) Signal {
	c.Inputs(in, 2, -1)
	c.Floats(in...)
	c.Fits(done, in...)
	y := in[0].Value
	for _, s := range in[1:] {
		y = f(c.B, y, s.Value)
	}
	return in[0].With(y)
}
