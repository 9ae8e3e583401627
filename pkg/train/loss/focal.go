package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("focal", "cross-entropy in which rows that are right already count little, for classes and labels", &Focal{})
}

// Focal is a cross-entropy that turns to the hard rows: it shrinks with the probability q that the net gives to all wrong
// classes.
//
//	loss = -alpha_t · q^gamma · ln(1 - q)
//
// For labels (mean over them) q = σ(-x) of a yes and σ(x) of a no, and alpha_t is alpha for a yes and 1 - alpha for a no.
// For classes q = 1 - softmax of the right one, and alpha_t = alpha, one common factor.
//
// Shapes: output [batch, labels or classes]; target [batch, labels] of 0 and 1, or int32 [batch] of classes.
//
// Source: Lin et al. 2017, equation 5 (which recommends gamma 2 with alpha 0.25).
type Focal struct {
	Gamma  float64  `default:"2" range:"[0,)" doc:"how little rows count that are right already; 0 is plain cross-entropy"`
	Alpha  *float64 `range:"[0,1]" doc:"weight of a yes, 1 - alpha being that of a no; absent: both weigh 1"`
	Logits `spec:",inline"`
}

// Cases are examples of it.
func (*Focal) Cases() []Case {
	return []Case{
		{"focal", task.Binary, []float64{2}, []float64{1}, 0.00180356},
		{"{type: focal, gamma: 1}", task.Category, []float64{2, -1, 0.5}, []float64{2}, 1.43608},
		{"focal", task.Labels, []float64{2, -1, 0.5}, []float64{1, 0, 0}, 0.133958},
	}
}

// Check expects classes or labels, and one output for each.
func (s *Focal) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	fits("focal", t, out, p, task.Category, task.Binary, task.Labels)
	own := "softmax"
	if logical(t) {
		own = "sigmoid"
	}
	s.check("focal", own, out, p)
}

// Rows is the mean over the labels, or the loss of the class.
func (s *Focal) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	x := s.scores(b, out)
	if logical(t) {
		return perRow(b, s.labels(b, x, label), nil)
	}
	hot := op.OneHot(b, label, x.Shape.Last(), 1, 0)
	each := crossEntropy(b, x, hot)
	// The wrong classes' probabilities are added up: one minus the right one's would lose its last digits.
	wrong := op.RowDot(b, oneMinus(b, hot), op.Softmax(b, x))
	if s.Gamma > 0 {
		each = op.Mul(b, each, power(b, wrong, s.Gamma))
	}
	if s.Alpha != nil {
		each = op.Scale(b, each, *s.Alpha)
	}
	return perRow(b, each, nil)
}

// labels is the loss of each label. With z = x for a yes and -x for a no, q = σ(-z) = e^(-softplus(z)).
func (s *Focal) labels(b *graph.Builder, x, label *graph.Value) *graph.Value {
	z := op.Mul(b, x, signs(b, label))
	each := softplus(b, neg(b, z))
	if s.Gamma > 0 {
		each = op.Mul(b, each, op.Exp(b, op.Scale(b, softplus(b, z), -s.Gamma)))
	}
	if s.Alpha == nil {
		return each
	}
	share := op.AddScalar(b, op.Scale(b, label, 2**s.Alpha-1), 1-*s.Alpha)
	return op.Mul(b, each, share)
}

// signs is 1 for a yes and -1 for a no.
func signs(b *graph.Builder, label *graph.Value) *graph.Value {
	return op.AddScalar(b, op.Scale(b, label, 2), -1)
}

// power is x^y for x ≥ 0, with the slope 0 at 0.
func power(b *graph.Builder, x *graph.Value, y float64) *graph.Value {
	switch y {
	case 1:
		return x
	case 2:
		return op.Square(b, x)
	}
	return op.Exp(b, op.Scale(b, op.Log(b, op.Maximum(b, x, b.Scalar(tiny))), y))
}

// Predict returns the probability of each class or label.
func (s *Focal) Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	return s.predict(b, t, out)
}
