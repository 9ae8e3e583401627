package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("mae", "mean absolute error", &MAE{}).Also("mean_absolute_error")
}

// MAE is the mean absolute error, in the target's unit:
//
//	mae = Σ wᵢ·|ŷᵢ − yᵢ| / Σ wᵢ
//
// Several targets: the mean over them. Source: scikit-learn, mean_absolute_error. Undefined (NaN): no rows, or no weight.
type MAE struct{}

// Cases are examples of it.
func (*MAE) Cases() []Case {
	return []Case{
		{"mae", "number", number(0.5), number(0.55)},
	}
}

// Fits expects numbers.
func (m *MAE) Fits(t task.Head) error { return needsNumbers("mae", t) }

// Goal is Lower.
func (m *MAE) Goal() Goal { return Lower }

// DefaultPlace is the second for numbers.
func (*MAE) DefaultPlace(t task.Head) int { return placed(t.Kind == task.Number, 2) }

// New sums up residuals.
func (m *MAE) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 { return r.absolute.value() })
}
