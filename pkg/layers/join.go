package layers

import "dnn/pkg/graph"

// join reduces two or more inputs of one shape to one by f. done says what it does to them: "added".
func join(c *Context, in []Signal, done string, f func(b *graph.Builder, x, y *graph.Value) *graph.Value) Signal {
	c.Inputs(in, 2, -1)
	c.Floats(in...)
	y := in[0].Value
	for _, s := range in[1:] {
		if a, b := in[0].Shape(), s.Shape(); !a.Equal(b) {
			c.fail(between(a, b), "", "inputs of shapes %v and %v cannot be %s", a, b, done)
		}
		y = f(c.B, y, s.Value)
	}
	out := in[0].With(y)
	out.Lengths = c.lengths(in...)
	return out
}

// between is what is unknown of a result that should have had the shapes a and b both.
func between(a, b graph.Shape) unknown {
	if sameBut(len(a)-1, a, b) {
		return widthUnknown
	}
	return shapeUnknown
}

// sameBut reports whether two shapes agree on all axes but one.
func sameBut(axis int, a, b graph.Shape) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if i != axis && a[i] != b[i] {
			return false
		}
	}
	return true
}
