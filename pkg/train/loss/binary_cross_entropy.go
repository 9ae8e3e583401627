package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("binary_cross_entropy", "minus the log of the right label's probability, for one or several yes-or-no labels", &BinaryCrossEntropy{}).
		Also("bce", "bce_with_logits", "log_loss")
}

// BinaryCrossEntropy is the usual loss for labels that hold or do not. With x the score of a label and y whether it holds,
// 1 or 0, and y' = y·(1 - label_smoothing) + label_smoothing/2
//
//	loss = mean over the labels of positive_weight·y'·ln(1+e^(-x)) + (1-y')·ln(1+e^x)
//
// which is -y'·ln σ(x) - (1-y')·ln(1-σ(x)) where positive_weight is 1. Class weights of a single label weigh the row in
// the mean; with several labels they are weights of the labels in the row's mean.
//
// Shapes: output and target [batch, labels], the target of 0 and 1.
//
// Source: PyTorch, BCEWithLogitsLoss; label smoothing as in Keras, BinaryCrossentropy.
type BinaryCrossEntropy struct {
	LabelSmoothing float64        `default:"0" range:"[0,1)" doc:"share of the label that is moved to the middle between yes and no"`
	PositiveWeight PositiveWeight `doc:"how many times as much a yes counts as a no: a number, one for each label, or balanced (its noes divided by its yeses)"`
	ClassWeights   ClassWeights   `doc:"how much each row counts by its class (balanced, or a mapping of the two classes to weights); with several labels, a mapping of labels to weights"`
	Logits         `spec:",inline"`
}

// Cases are examples of it.
func (*BinaryCrossEntropy) Cases() []Case {
	return []Case{
		{"binary_cross_entropy", task.Binary, []float64{-1}, []float64{1}, 1.31326},
		{"binary_cross_entropy", task.Labels, []float64{2, -1, 0.5}, []float64{1, 0, 0}, 0.471422},
	}
}

// DefaultFor says that it is the default for one label or several.
func (*BinaryCrossEntropy) DefaultFor(t task.Head) bool { return logical(t) }

// Check expects binary targets and one output for each.
func (s *BinaryCrossEntropy) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	if fits("binary_cross_entropy", t, out, p, task.Binary, task.Labels) {
		s.PositiveWeight.check(t, p)
		if t.Width > 1 && s.ClassWeights.Balanced {
			p.Add("loss.class_weights", "balanced is for one label; for several use positive_weight: balanced")
		}
		s.ClassWeights.check(t, p)
	}
	s.check("binary_cross_entropy", "sigmoid", out, p)
}

// Rows adds up the losses of a yes and of a no, each as large as the label says.
func (s *BinaryCrossEntropy) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	x, y := s.scores(b, out), label
	if e := s.LabelSmoothing; e > 0 {
		y = op.AddScalar(b, op.Scale(b, y, 1-e), e/2)
	}
	yes := op.Mul(b, y, softplus(b, neg(b, x)))
	if w := s.PositiveWeight.of(t); w != nil {
		yes = op.Mul(b, yes, list(b, w))
	}
	each := op.Add(b, yes, op.Mul(b, oneMinus(b, y), softplus(b, x)))
	w := s.ClassWeights.of(t)
	switch {
	case w == nil:
		return perRow(b, each, nil)
	case t.Width > 1:
		loss, _ = perRow(b, each, op.BroadcastTo(b, list(b, w), each.Shape...))
		return loss, nil
	}
	return perRow(b, each, op.AddScalar(b, op.Scale(b, label, w[1]-w[0]), w[0]))
}

// Predict returns the probability of a yes for each label.
func (s *BinaryCrossEntropy) Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	return s.predict(b, t, out)
}
