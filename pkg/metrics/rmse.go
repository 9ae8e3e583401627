package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("rmse", "root of the mean squared error; of several targets or steps of a series the mean of their roots", &RMSE{}).
		Also("root_mean_squared_error")
}

// RMSE is the root of the mean squared error, in the target's unit:
//
//	rmse = √(Σ wᵢ·(ŷᵢ − yᵢ)² / Σ wᵢ)
//
// Several targets, or steps of a series: the mean of their roots, not the root of their mean. Source: scikit-learn, root_mean_squared_error.
// Undefined (NaN): no rows, or no weight.
type RMSE struct{}

// Cases are examples of it.
func (*RMSE) Cases() []Case {
	return []Case{
		{"rmse", "number", number(0.645497), number(0.689202)},
	}
}

// Fits expects numbers.
func (m *RMSE) Fits(t task.Head) error { return needsNumbers("rmse", t) }

// Goal is Lower.
func (m *RMSE) Goal() Goal { return Lower }

// DefaultPlace is the first for numbers.
func (*RMSE) DefaultPlace(t task.Head) int { return placed(t.Kind == task.Number, 1) }

// New sums up residuals.
func (m *RMSE) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 { return math.Sqrt(r.squared.value()) })
}
