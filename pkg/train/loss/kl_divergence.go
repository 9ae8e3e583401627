package loss

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
	"dnn/pkg/task"
)

func init() {
	Registry.Register("kl_divergence", "how far the predicted shares are from the true ones, for numbers that add up to 1", &KLDivergence{}).
		Also("kl", "kld")
}

// KLDivergence compares distributions: the targets of a row are shares or probabilities y that add up to 1, and
// p = softmax(scores) those that the net predicts.
//
//	loss = Σ_c y_c·(ln y_c - ln p_c)      0·ln 0 = 0
//
// It expects several numbers as target, with `normalize: none`; for a category it is the same as cross_entropy.
//
// Shapes: output [batch, classes]; target [batch, classes] of shares, or int32 [batch] of classes.
//
// Source: PyTorch, KLDivLoss with reduction batchmean.
type KLDivergence struct {
	Logits `spec:",inline"`
}

// Cases are examples of it.
func (*KLDivergence) Cases() []Case {
	return []Case{
		{"kl_divergence", task.Number, []float64{1, 0, 0}, []float64{0.5, 0.3, 0.2}, 0.0217917},
		{"kl_divergence", task.Category, []float64{2, -1, 0.5}, []float64{0}, 0.241311},
	}
}

// Check expects several numbers or a category, and one output for each.
func (s *KLDivergence) Check(t task.Head, out *graph.Value, p *spec.Problems) {
	if fits("kl_divergence", t, out, p, task.Number, task.Category) && t.Width == 1 {
		p.Add("loss", "kl_divergence needs at least two shares to compare; %s%s", what(t), instead("kl_divergence", t))
	}
	s.check("kl_divergence", "softmax", out, p)
}

// Rows works on the logarithm of the softmax.
func (s *KLDivergence) Rows(b *graph.Builder, t task.Head, out, label *graph.Value) (loss, weight *graph.Value) {
	x, y := s.scores(b, out), label
	if y.DType == graph.I32 {
		y = op.OneHot(b, y, x.Shape.Last(), 1, 0)
	}
	own := op.Log(b, op.Maximum(b, y, b.Scalar(tiny)))
	return perRow(b, op.RowDot(b, y, op.Sub(b, own, op.LogSoftmax(b, x))), nil)
}

// Predict returns the share of each.
func (s *KLDivergence) Predict(b *graph.Builder, t task.Head, out *graph.Value) *graph.Value {
	return s.predict(b, t, out)
}
