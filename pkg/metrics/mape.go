package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("mape", "mean absolute error relative to the label, as a fraction", &MAPE{})
}

// MAPE is the mean absolute error relative to the label, as a fraction (0.1 is ten percent):
//
//	mape = Σ wᵢ·|ŷᵢ − yᵢ| / max(|yᵢ|, ε) / Σ wᵢ,   ε = 2⁻⁵²
//
// A true value of 0 makes it huge, not infinite: then it is the wrong metric. Several targets: the mean over them.
//
// Source: scikit-learn, mean_absolute_percentage_error. Undefined (NaN): no rows, or no weight.
type MAPE struct{}

// Cases are examples of it.
func (*MAPE) Cases() []Case {
	return []Case{
		{"mape", "number", number(0.168254), number(0.179524)},
	}
}

// Fits expects numbers.
func (m *MAPE) Fits(t task.Head) error { return needsNumbers("mape", t) }

// Goal is Lower.
func (m *MAPE) Goal() Goal { return Lower }

// New sums up residuals.
func (m *MAPE) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 { return r.relative.value() })
}
