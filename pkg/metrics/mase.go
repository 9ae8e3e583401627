package metrics

import (
	"fmt"
	"math"
)

func init() {
	Registry.Register("mase", "mean absolute error relative to that of the naive forecast in the training part", &MASE{})
}

// MASE is the mean absolute error of a forecast relative to that of the seasonal naive forecast, which takes the value of
// one season before, in the training part. Below 1 is better than that:
//
//	mase = (Σ wᵢ·|ŷᵢ − yᵢ| / Σ wᵢ) / (Σ_{t>m} |y_t − y_{t−m}| / (n − m)),   m = season
//
// The denominator is over the n values of the training part, in several series over all of them. Several targets and the
// steps of a horizon: the mean over them.
//
// Source: Hyndman & Koehler 2006, Another look at measures of forecast accuracy, section 3. Undefined (NaN): no rows, no
// weight, or a training part that is no longer than the season or constant.
type MASE struct {
	Season int `default:"1" range:"[1,)" doc:"steps after which the series repeats itself; 1 compares with the value before"`
}

// Seasonal is the season whose naive error Task.Naive has to hold.
func (m *MASE) Seasonal() int { return max(1, m.Season) }

// Fits wants a forecast.
func (m *MASE) Fits(t Task) error {
	if err := needsNumbers("mase", t); err != nil {
		return err
	}
	if !t.Series {
		return fmt.Errorf("mase needs a series to forecast; %s (try mae)", t.what())
	}
	return nil
}

// Goal is Lower.
func (m *MASE) Goal() Goal { return Lower }

// New sums up residuals.
func (m *MASE) New(t Task) Accumulator {
	scale := t.Naive[m.Seasonal()]
	r := &residuals{task: t, targets: make([]residual, t.columns())}
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
