package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("perplexity", "how many equally probable tokens (or classes) a prediction is as unsure as", &Perplexity{}).Also("ppl")
}

// Perplexity is the exponential of the cross-entropy, over all steps of all rows:
//
//	perplexity = exp(-Σ wᵢ·log pᵢ[yᵢ] / Σ wᵢ)
//
// so 1 where each label is certain, and the number of tokens where all are equally probable. Steps beyond the end of a row do
// not count. It compares only between models with the same tokens. Probabilities are clipped as in log_loss.
//
// Undefined (NaN): no rows, or no weight.
type Perplexity struct{}

// Cases are examples of it.
func (*Perplexity) Cases() []Case {
	return []Case{
		{"perplexity", "binary", number(1.548345), number(1.613524)},
		{"perplexity", "category", number(2.010981), number(2.148888)},
	}
}

// Fits expects one class per row or step.
func (m *Perplexity) Fits(t task.Head) error { return needsOneClass("perplexity", t) }

// Goal is Lower.
func (m *Perplexity) Goal() Goal { return Lower }

// DefaultPlace is the first for sequences that are generated.
func (*Perplexity) DefaultPlace(t task.Head) int {
	return placed(t.Kind == task.Category && t.Generated(), 1)
}

// New sums up logarithms.
func (m *Perplexity) New(t task.Head) Accumulator { return fromLogLoss(t, math.Exp) }
