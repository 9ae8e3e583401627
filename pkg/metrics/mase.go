package metrics

import (
	"math"

	"dnn/pkg/task"
)

func init() {
	Registry.Register("mase", "mean absolute error relative to that of the naive forecast in the training split", &MASE{})
}

// MASE is the mean absolute error of a forecast relative to that of the seasonal naive forecast, which takes the value of
// one season before, in the training split. Below 1 is better than that:
//
//	mase = (Σ wᵢ·|ŷᵢ − yᵢ| / Σ wᵢ) / (Σ_{t>m} |y_t − y_{t−m}| / (n − m)),   m = season
//
// The denominator is over the n values of the training split, in several series over all of them. Several targets and the
// steps of a horizon: the mean over them.
//
// Source: Hyndman & Koehler 2006, Another look at measures of forecast accuracy, section 3. Undefined (NaN): no rows, no
// weight, or a training split that is no longer than the season or constant.
type MASE struct {
	Season int `default:"1" range:"[1,)" doc:"steps after which the series repeats itself; 1 compares with the value before"`
}

// Cases are examples of it.
func (*MASE) Cases() []Case {
	return []Case{
		{"mase", "forecast", number(0.25), number(0.275)},
	}
}

// Seasonal is the season whose naive error Head.Training.NaiveErrors has to hold.
func (m *MASE) Seasonal() int { return max(1, m.Season) }

// Fits expects a forecast.
func (m *MASE) Fits(t task.Head) error {
	if err := needsNumbers("mase", t); err != nil {
		return err
	}
	if t.Horizon == 0 {
		return misfit("mase", "needs a series to forecast; %s (try mae)", what(t))
	}
	return nil
}

// Goal is Lower.
func (m *MASE) Goal() Goal { return Lower }

// New sums up residuals.
func (m *MASE) New(t task.Head) Accumulator {
	scale := t.Training.NaiveErrors[m.Seasonal()]
	r := &residuals{task: t, targets: make([]residual, columns(t))}
	return &view[*residuals]{r, func(r *residuals) Result {
		var all mean
		for j := range r.targets {
			if j >= len(scale) || !(scale[j] > 0) {
				return number(math.NaN())
			}
			all.add(r.targets[j].absolute.value()/scale[j], 1)
		}
		return number(all.value())
	}}
}
