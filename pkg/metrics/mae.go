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

// Fits wants numbers.
func (m *MAE) Fits(t task.Head) error { return needsNumbers("mae", t) }

// Goal is Lower.
func (m *MAE) Goal() Goal { return Lower }

// New sums up residuals.
func (m *MAE) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 { return r.absolute.value() })
}
