package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/task"
)

// scored is a loss that makes probabilities of raw scores: one with Logits.
type scored interface {
	scores(b *graph.Builder, out *graph.Value) *graph.Value
}

// Calibrates reports whether the probabilities of a loss come from scores that a temperature may divide.
func Calibrates(l Loss) bool {
	_, ok := l.(scored)
	return ok
}

// Tempered is Predict with the scores divided by a temperature T: softmax(scores/T), or a sigmoid for a binary. It keeps the
// order of the classes. The loss must calibrate.
//
// Source: Guo et al. 2017, "On calibration of modern neural networks".
func Tempered(l Loss, b *graph.Builder, t task.Head, out *graph.Value, temperature float64) *graph.Value {
	return probabilities(b, t, op.Scale(b, l.(scored).scores(b, out), 1/temperature))
}
