package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

// A bound is the most steps that a row of a signal has in training, told of a signal with so many steps. A layer that makes
// another number of steps makes it void.
type bound struct{ steps, most int }

// maxSteps is the most steps that a row of the signal [steps, ..] has in training: those of this batch, unless the data knows
// better.
func (s Signal) maxSteps() int {
	if s.bound.most > 0 && s.bound.steps == s.Shape()[0] {
		return s.bound.most
	}
	return s.Shape()[0]
}

// valid is 1 in the steps of x within each row's length and 0 beyond: [rows, steps, 1..], to be multiplied with x, which
// must have an axis after that of the steps.
func valid(c *Context, x Signal) *graph.Value {
	s := x.Value.Shape
	if s.Rank() < 3 {
		c.Fail("", "takes several numbers for each step of a sequence, its input of shape %v has one; put a reshape layer before it", x.Shape())
	}
	mask := graph.Shape{s[0], s[1]}
	for len(mask) < s.Rank() {
		mask = append(mask, 1)
	}
	return op.Reshape(c.B, op.SequenceMask(c.B, x.Lengths, s[1]), mask...)
}

// validMoments are the mean and the biased variance of x over some axes, of what lies within the rows' lengths alone, and
// the number of elements behind each, at least 1. mask is 1 there and 0 elsewhere, of the extents of x or 1. The axes stay
// with extent 1.
func validMoments(b *graph.Builder, x, mask *graph.Value, axes []int) (mean, variance, count *graph.Value) {
	sum := func(v *graph.Value) *graph.Value { return op.Sum(b, v, axes, true) }
	repeats := 1 // elements of x for each of the mask
	for _, ax := range axes {
		repeats *= x.Shape[ax] / mask.Shape[ax]
	}
	count = op.Maximum(b, op.Scale(b, sum(mask), float64(repeats)), b.Scalar(1))
	mean = op.Div(b, sum(op.Mul(b, x, mask)), count)
	variance = op.Div(b, sum(op.Square(b, op.Mul(b, op.Sub(b, x, mean), mask))), count)
	return mean, variance, count
}
