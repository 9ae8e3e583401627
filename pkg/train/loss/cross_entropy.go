package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("cross_entropy", "minus the log of the right class's probability", &CrossEntropy{}).
		Also("ce", "nll", "categorical_crossentropy", "sparse_categorical_crossentropy", "softmax")
}

// CrossEntropy is the usual loss for one of several classes. With p = softmax(scores), C classes, the class k of the row
// and its weight w
//
//	y_c  = (1 - label_smoothing)·[c = k] + label_smoothing/C
//	loss = -Σ_c w_c·y_c·ln p_c / w_k,   weight = w_k
//
// so that the mean over rows is PyTorch's weighted mean. For sequences it is the mean over the steps. A label of floats
// with the shape of the output holds probabilities y (no division by w_k then, weight 1).
//
// A binary target takes binary_cross_entropy, which needs one output for it, not two.
//
// Source: PyTorch, CrossEntropyLoss; label smoothing: Szegedy et al. 2016, section 7.
type CrossEntropy struct {
	LabelSmoothing float64      `default:"0" range:"[0,1)" doc:"share of the label that is spread evenly over all classes"`
	ClassWeights   ClassWeights `doc:"how much rows of each class count: balanced (inversely to their number), or a mapping of classes to weights"`
	Logits         `spec:",inline"`
}

// Cases are examples of it.
func (*CrossEntropy) Cases() []Case {
	return []Case{
		{"cross_entropy", task.Category, []float64{2, -1, 0.5}, []float64{0}, 0.241311},
		{"{type: cross_entropy, label_smoothing: 0.1}", task.Category, []float64{2, -1, 0.5}, []float64{2}, 1.74131},
	}
}

// DefaultFor says that it is the default for classes, and for a target whose kind a mistake leaves unknown.
func (*CrossEntropy) DefaultFor(t task.Head) bool {
	return t.Kind != task.Number && !logical(t) && !t.Aligned()
}

// Check expects a category and one output for each class.
func (s *CrossEntropy) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	if fits("cross_entropy", t, out, p, task.Category) {
		s.ClassWeights.check(t, p)
	}
	s.check("cross_entropy", "softmax", out, p)
}

// Rows works on the logarithm of the softmax.
func (s *CrossEntropy) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	x, w := s.scores(b, out), s.ClassWeights.of(t)
	y := s.expected(b, label, x.Shape.Last())
	if w == nil {
		return perRow(b, crossEntropy(b, x, y), nil)
	}
	if label.DType == graph.F32 {
		return perRow(b, crossEntropy(b, x, op.Mul(b, y, list(b, w))), nil)
	}
	weight = lookUp(b, w, label)
	if s.LabelSmoothing == 0 { // w_k/w_k is one
		return perRow(b, crossEntropy(b, x, y), weight)
	}
	each := crossEntropy(b, x, op.Mul(b, y, list(b, w)))
	return perRow(b, op.Mul(b, each, lookUp(b, inverse(w), label)), weight)
}

// expected are the probabilities that the label stands for, smoothed.
func (s *CrossEntropy) expected(b *graph.Builder, label *graph.Value, classes int) *graph.Value {
	keep, spread := 1-s.LabelSmoothing, s.LabelSmoothing/float64(classes)
	switch {
	case label.DType == graph.I32:
		return op.OneHot(b, label, classes, keep+spread, spread)
	case spread > 0:
		return op.AddScalar(b, op.Scale(b, label, keep), spread)
	}
	return label
}

// crossEntropy is -Σ_c y_c·ln softmax(x)_c.
func crossEntropy(b *graph.Builder, x, y *graph.Value) *graph.Value {
	return neg(b, op.RowDot(b, y, op.LogSoftmax(b, x)))
}

// lookUp is the entry of a table for each class number.
func lookUp(b *graph.Builder, table []float64, classes *graph.Value) *graph.Value {
	column := op.Reshape(b, list(b, table), len(table), 1)
	return op.Reshape(b, op.Gather(b, column, classes), classes.Shape...)
}

// inverse is one over each weight, and 0 for 0: what weighs nothing is left out.
func inverse(w []float64) []float64 {
	inv := make([]float64, len(w))
	for i, v := range w {
		if v > 0 {
			inv[i] = 1 / v
		}
	}
	return inv
}

// Predict returns the probability of each class.
func (s *CrossEntropy) Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	return s.predict(b, t, out)
}
