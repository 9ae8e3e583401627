package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("bits_per_token", "bits that a token (or class) takes, given the predictions", &BitsPerToken{})
}

// BitsPerToken is the cross-entropy in bits, over all steps of all rows:
//
//	bits_per_token = -Σ wᵢ·log₂ pᵢ[yᵢ] / Σ wᵢ
//
// It is the logarithm of the perplexity. Steps beyond the end of a row do not count. Probabilities are clipped as in log_loss.
//
// Undefined (NaN): no rows, or no weight.
type BitsPerToken struct{}

// Cases are examples of it.
func (*BitsPerToken) Cases() []Case {
	return []Case{
		{"bits_per_token", "binary", number(0.630727), number(0.690215)},
		{"bits_per_token", "category", number(1.0079), number(1.10359)},
	}
}

// Fits expects one class per row or step.
func (m *BitsPerToken) Fits(t task.Head) error { return needsOneClass("bits_per_token", t) }

// Goal is Lower.
func (m *BitsPerToken) Goal() Goal { return Lower }

// New sums up logarithms.
func (m *BitsPerToken) New(t task.Head) Accumulator { return fromLogLoss(t, bits) }

// bits turns nats into bits.
func bits(nats float64) float64 { return nats / math.Ln2 }
