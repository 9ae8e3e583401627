package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("kappa", "agreement of predicted and true classes beyond chance, at most 1", &Kappa{}).
		Also("cohen_kappa")
}

// Kappa is Cohen's kappa, the agreement of predictions and labels beyond that of chance. With pₒ the share of rows predicted
// right and pₑ the share expected when label and prediction were independent:
//
//	kappa = (pₒ − pₑ) / (1 − pₑ) = 1 − Σ_{i≠j} cᵢⱼ / Σ_{i≠j} eᵢⱼ,   eᵢⱼ = tᵢ·pⱼ / s
//
// The second form, over the cells outside the diagonal, is the one that is computed: it is exactly undefined where it
// should be.
//
// Source: scikit-learn, cohen_kappa_score (weights=None); Cohen 1960. Undefined (NaN): no rows; labels and predictions
// all of one class.
type Kappa struct{}

// Cases are examples of it.
func (*Kappa) Cases() []Case {
	return []Case{
		{"kappa", "binary", number(0.333333), number(0.2)},
		{"kappa", "category", number(0.5), number(0.384615)},
	}
}

// Fits expects one class per row.
func (m *Kappa) Fits(t task.Head) error { return needsOneClass("kappa", t) }

// Goal is Higher.
func (m *Kappa) Goal() Goal { return Higher }

// New counts confusions.
func (m *Kappa) New(t task.Head) Accumulator {
	return fromConfusion(t, func(c *Confusion) float64 {
		counts := c.OneVsRest()
		var all, wrong, expected float64
		for _, k := range counts {
			all += k.Support()
			wrong += k.FN
		}
		for i, k := range counts {
			for j, l := range counts {
				if i != j {
					expected += float64(k.Support() * l.Predicted() / all)
				}
			}
		}
		if !(expected > 0) {
			return math.NaN()
		}
		return 1 - wrong/expected
	})
}
