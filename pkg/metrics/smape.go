package metrics

import "dnn/pkg/task"

func init() {
	Registry.Register("smape", "absolute error relative to the mean of label and prediction, as a fraction", &SMAPE{})
}

// SMAPE is the mean absolute error relative to the mean size of label and prediction, as a fraction between 0 and 2:
//
//	smape = Σ wᵢ·2·|ŷᵢ − yᵢ| / (|yᵢ| + |ŷᵢ|) / Σ wᵢ
//
// A row in which both are 0 adds 0. Several targets: the mean over them. The form of the M3 and M4 competitions
// (Makridakis & Hibon 2000), which give it in percent: 100 times as much.
//
// Undefined (NaN): no rows, or no weight.
type SMAPE struct{}

// Cases are examples of it.
func (*SMAPE) Cases() []Case {
	return []Case{
		{"smape", "number", number(0.200673), number(0.213737)},
	}
}

// Fits expects numbers.
func (m *SMAPE) Fits(t task.Head) error { return needsNumbers("smape", t) }

// Goal is Lower.
func (m *SMAPE) Goal() Goal { return Lower }

// New sums up residuals.
func (m *SMAPE) New(t task.Head) Accumulator {
	return fromResiduals(t, func(r *residual, rows int) float64 { return r.symmetric.value() })
}
