package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/task"
)

// Teaches reports whether a net with that loss can teach another, or learn from one, for a head: probabilities must come from raw scores.
func Teaches(l Loss, t task.Head) bool {
	return !t.Aligned() && (t.Kind == task.Number || Calibrates(l))
}

// Taught is what a teacher puts out for the student: probabilities of its scores divided by the temperature T, or numbers as it
// learned them.
func Taught(l Loss, b *graph.Builder, t task.Head, out *graph.Value, temperature float64) *graph.Value {
	if t.Kind == task.Number {
		return l.Predict(b, t, out)
	}
	return Tempered(l, b, t, out, temperature)
}

// Distilled is how far the output of a student is from what a teacher put out for each row. With z the scores of the student, and
// p the probabilities of the teacher at the temperature T
//
//	T²·Σ_c p_c·(ln p_c - ln softmax(z/T)_c)                                    of classes
//	T²·mean over labels of p·(ln p - ln σ(z/T)) + (1-p)·(ln(1-p) - ln(1-σ(z/T)))    of labels, and yes or no
//	mean over columns of (y - p)²                                              of numbers y
//
// Gradients have the size of those of the loss itself, whatever T.
//
// Source: Hinton, Vinyals & Dean 2015, "Distilling the knowledge in a neural network"; for texts by token, Kim & Rush 2016,
// "Sequence-level knowledge distillation".
func Distilled(l Loss, b *graph.Builder, t task.Head, out, taught *graph.Value, temperature float64) *graph.Value {
	var each *graph.Value
	ln := func(p *graph.Value) *graph.Value { return op.Log(b, op.Maximum(b, p, b.Scalar(tiny))) }
	switch {
	case t.Kind == task.Number:
		each, _ = perRow(b, op.Square(b, op.Sub(b, l.Predict(b, t, out), taught)), nil)
		return each
	case logical(t):
		z, no := op.Scale(b, l.(scored).scores(b, out), 1/temperature), oneMinus(b, taught)
		entropy := op.Add(b, op.Mul(b, taught, ln(taught)), op.Mul(b, no, ln(no)))
		each, _ = perRow(b, op.Add(b, op.Sub(b, softplus(b, z), op.Mul(b, taught, z)), entropy), nil)
	default:
		z := op.Scale(b, l.(scored).scores(b, out), 1/temperature)
		each, _ = perRow(b, op.RowDot(b, taught, op.Sub(b, ln(taught), op.LogSoftmax(b, z))), nil)
	}
	return op.Scale(b, each, temperature*temperature)
}
