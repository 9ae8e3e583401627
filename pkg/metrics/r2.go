package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("r2", "share of the target's variance that is explained, at most 1; of several targets or steps of a series the mean of theirs", &R2{}).
		Also("r_squared", "r2_score")
}

// R2 is the coefficient of determination. 1 is perfect, 0 is no better than the mean of the labels, and there is no lower
// bound:
//
//	r2 = 1 − Σ wᵢ·(yᵢ − ŷᵢ)² / Σ wᵢ·(yᵢ − ȳ)²,   ȳ = Σ wᵢ·yᵢ / Σ wᵢ
//
// Several targets, or steps of a series: the mean over them.
//
// Source: scikit-learn, r2_score (force_finite=True). Constant labels: 1 when all predictions are right, else 0 (there the
// mean of a constant is exact, which it is not always in numpy). Undefined (NaN): fewer than two rows, or no weight.
type R2 struct{}

// Cases are examples of it.
func (*R2) Cases() []Case {
	return []Case{
		{"r2", "number", number(0.899329), number(0.908829)},
	}
}

// Fits expects numbers.
func (m *R2) Fits(t task.Head) error { return needsNumbers("r2", t) }

// Goal is Higher.
func (m *R2) Goal() Goal { return Higher }

// DefaultPlace is the third for numbers.
func (*R2) DefaultPlace(t task.Head) int { return placed(t.Kind == task.Number, 3) }

// New sums up residuals.
func (m *R2) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 {
		wrong := r.squared.sum.value()
		switch {
		case rows < 2 || r.weight == 0:
			return math.NaN()
		case wrong == 0:
			return 1
		case r.deviation == 0:
			if wrong != wrong {
				return wrong
			}
			return 0
		}
		return 1 - wrong/r.deviation
	})
}
