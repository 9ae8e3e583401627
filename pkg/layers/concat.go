package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("concat", "several inputs side by side", &Concat{}).Also("concatenate", "cat")
}

// Concat joins its inputs along an axis.
//
// Shapes: two or more inputs that differ in no axis but that; its extent is the sum of theirs. The axes are those of a
// row: 0 is the first, -1 the last.
//
// Errors: other axes that differ; an axis that does not exist; category indices; fewer than two inputs; sequences of
// different lengths, along their steps.
type Concat struct {
	Axis int `default:"-1" doc:"axis of the row along which to join: 0 is the first, -1 the last"`
}

// Cases are examples of it.
func (*Concat) Cases() []Case {
	return []Case{
		{Layer: "{type: concat, inputs: [a, b, a]}", In: []Input{floats("a", 5), floats("b", 2)}, Out: graph.Shape{12}},
		{Layer: "{type: concat, inputs: [a, b], axis: 0}", In: []Input{floats("a", 2, 3), floats("b", 4, 3)}, Out: graph.Shape{6, 3}},
		{Layer: "{type: concat, inputs: [a, b], axis: -2}", In: []Input{floats("a", 2, 3), floats("b", 4, 3)}, Out: graph.Shape{6, 3}},
	}
}

// Build joins.
func (l *Concat) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 2, -1)
	c.Floats(in...)
	first := in[0].Shape()
	axis := l.Axis
	if axis < 0 {
		axis += len(first)
	}
	if axis < 0 || axis >= len(first) {
		c.Fail("axis", "a row of shape %v has no axis %d", first, l.Axis)
	}
	values := make([]*graph.Value, len(in))
	for i, s := range in {
		if !sameBut(axis, first, s.Shape()) {
			c.Fail("", "inputs of shapes %v and %v cannot be joined along axis %d: all other axes must agree", first, s.Shape(), l.Axis)
		}
		values[i] = s.Value
	}
	out := in[0].With(op.Concat(c.B, axis+1, values...))
	out.Lengths = c.lengths(in...)
	if axis == 0 && out.Lengths != nil {
		c.Fail("axis", "sequences of different lengths cannot be joined along their steps: padding would come to lie between them")
	}
	return out
}
