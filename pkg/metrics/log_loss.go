package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("log_loss", "mean negative logarithm of the probability of the label", &LogLoss{}).
		Also("logloss", "cross_entropy")
}

// LogLoss is the cross-entropy of the predicted probabilities, in nats:
//
//	multi_class: −Σ wᵢ·log pᵢ[yᵢ] / Σ wᵢ
//	binary:      −Σ wᵢ·(yᵢ·log pᵢ + (1−yᵢ)·log(1−pᵢ)) / Σ wᵢ;   multi_label: the same, and the mean over labels
//
// Probabilities are clipped to [ε, 1−ε], ε = 2⁻⁵², so that one sure and wrong row costs 36 nats and not infinitely many. The
// loss of training is computed from logits and knows no such bound.
//
// Source: scikit-learn, log_loss (for float64). Undefined (NaN): no rows, or no weight.
type LogLoss struct{}

// Cases are examples of it.
func (*LogLoss) Cases() []Case {
	return []Case{
		{"log_loss", "binary", number(0.437187), number(0.478421)},
		{"log_loss", "category", number(0.698623), number(0.76495)},
		{"log_loss", "labels", number(0.496828), number(0.57592)},
	}
}

// Fits expects classes or labels.
func (m *LogLoss) Fits(t task.Head) error { return needsClasses("log_loss", t) }

// Goal is Lower.
func (m *LogLoss) Goal() Goal { return Lower }

// New sums up logarithms.
func (m *LogLoss) New(t task.Head) Accumulator { return fromLogLoss(t, nil) }

// fromLogLoss makes the accumulator of a metric that is read off the log loss.
func fromLogLoss(t task.Head, read func(loss float64) float64) Accumulator {
	return &penalty{task: t, row: logLoss, read: read}
}

// logLoss is that of one row.
func logLoss(t task.Head, pred []float64, truth func(int) bool) float64 {
	loss := 0.0
	for j, p := range pred {
		switch {
		case truth(j):
			loss -= math.Log(clip(p))
		case t.Kind != task.Category:
			loss -= math.Log(clip(1 - p))
		case p != p:
			return p
		}
	}
	if t.Kind == task.Labels {
		loss /= float64(len(pred))
	}
	return loss
}

// clip keeps a probability off 0 and 1; NaN stays NaN.
func clip(p float64) float64 { return min(max(p, epsilon), 1-epsilon) }
