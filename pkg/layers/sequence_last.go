package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sequence_last", "the last step of a sequence", &SequenceLast{}).Also("last_step", "last")
}

// SequenceLast takes the last valid step of each row's sequence.
//
// Shapes: [steps, ..] to [..]; zeros for a row without steps.
//
// Errors: an input whose rows are not sequences; category indices.
type SequenceLast struct{}

// Build takes it.
func (l *SequenceLast) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	c.steps(in[0])
	x := in[0].Value
	rows, steps, rest := x.Shape[0], x.Shape[1], x.Shape[2:]
	shape := append(graph.Shape{rows}, rest...)
	if in[0].Lengths == nil {
		return Signal{Value: op.Reshape(c.B, op.Slice(c.B, x, 1, steps-1, steps), shape...)}
	}
	on := op.SequenceMask(c.B, in[0].Lengths, steps)
	next := op.Slice(c.B, op.SequenceMask(c.B, in[0].Lengths, steps+1), 1, 1, steps+1)
	return Signal{Value: op.Reshape(c.B, overSteps(c.B, op.Sub(c.B, on, next), x), shape...)}
}

// Cases are examples of it.
func (*SequenceLast) Cases() []Case {
	return []Case{
		{Layer: "sequence_last", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{2}},
		{Layer: "sequence_last", In: []Input{sequences("x", 3, 2, 2)}, Out: graph.Shape{2, 2}},
	}
}

// overSteps is the sum of the steps of x [rows, steps, ..], each times its weight: weights [rows, steps] to [rows, size].
func overSteps(b *graph.Builder, weights, x *graph.Value) *graph.Value {
	rows, steps := weights.Shape[0], weights.Shape[1]
	y := op.MatMul(b, op.Reshape(b, weights, rows, 1, steps), op.Reshape(b, x, rows, steps, -1), false, false)
	return op.Reshape(b, y, rows, -1)
}
