package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("mse", "mean squared error", &MSE{}).Also("mean_squared_error")
}

// MSE is the mean squared error, in the square of the target's unit:
//
//	mse = Σ wᵢ·(ŷᵢ − yᵢ)² / Σ wᵢ
//
// Several targets: the mean over them. Source: scikit-learn, mean_squared_error. Undefined (NaN): no rows, or no weight.
type MSE struct{}

// Cases are examples of it.
func (*MSE) Cases() []Case {
	return []Case{
		{"mse", "number", number(0.416667), number(0.475)},
	}
}

// Fits expects numbers.
func (m *MSE) Fits(t task.Head) error { return needsNumbers("mse", t) }

// Goal is Lower.
func (m *MSE) Goal() Goal { return Lower }

// New sums up residuals.
func (m *MSE) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 { return r.squared.value() })
}
