package schedule

import (
	"fmt"
	"math"
)

func init() {
	Registry.Register("plateau", "multiplied by a factor when the monitored figure no longer gets better", &Plateau{})
}

// Plateau lowers the rate when training no longer helps. After each validation it looks at the monitored figure: the one
// that early stopping watches, else the loss of the validation part. A figure is better than the best so far when
//
//	it is lower than best·(1 - threshold), or best - threshold (absolute)      for figures that should be low
//	it is higher than best·(1 + threshold), or best + threshold (absolute)     for figures that should be high
//
// When more than `patience` validations in a row were not better, rate = max(minimum, rate·factor), and the count begins
// anew after `cooldown` more. A NaN is never better.
//
// Source: PyTorch, ReduceLROnPlateau (with its eps 0).
type Plateau struct {
	Initial       float64 `required:"true" range:"[0,)" doc:"learning rate at the start"`
	Factor        float64 `default:"0.1" range:"(0,1)" doc:"what the rate is multiplied by"`
	Patience      int     `default:"10" range:"[0,)" doc:"validations (one each epoch unless told otherwise) that may pass without getting better"`
	Threshold     float64 `default:"1e-4" range:"[0,)" doc:"how much better is better"`
	ThresholdMode string  `default:"relative" oneof:"relative|absolute" doc:"whether the threshold is a share of the best figure or an amount"`
	Cooldown      int     `default:"0" range:"[0,)" doc:"validations to wait after the rate was lowered"`
	Minimum       float64 `default:"0" range:"[0,)" doc:"lowest learning rate"`
	Warmup        `spec:",inline"`

	seen      bool    // whether anything was observed
	best      float64 // figure so far
	bad, rest int     // validations since the best one; validations left to wait
	lowered   int     // times the rate was lowered
}

// Rate is what the figures so far made it.
func (s *Plateau) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *Plateau) rate(Position) float64 {
	rate := s.Initial
	for range s.lowered {
		rate = max(rate*s.Factor, min(s.Minimum, s.Initial))
	}
	return rate
}

// Observe lowers the rate when the time has come.
func (s *Plateau) Observe(value float64, higherIsBetter bool) {
	if s.better(value, higherIsBetter) {
		s.seen, s.best, s.bad = true, value, 0
	} else {
		s.bad++
	}
	if s.rest > 0 {
		s.rest, s.bad = s.rest-1, 0
	}
	if s.bad > s.Patience {
		s.lowered, s.rest, s.bad = s.lowered+1, s.Cooldown, 0
	}
}

func (s *Plateau) better(value float64, higherIsBetter bool) bool {
	margin := s.Threshold
	if s.ThresholdMode == "relative" {
		margin = float64(margin * s.best)
	}
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return false
	case !s.seen:
		return true
	case higherIsBetter:
		return value > s.best+margin
	}
	return value < s.best-margin
}

// State is whether anything was observed, the best figure, both counts, and how often the rate was lowered.
func (s *Plateau) State() []float64 {
	seen := 0.0
	if s.seen {
		seen = 1
	}
	return []float64{seen, s.best, float64(s.bad), float64(s.rest), float64(s.lowered)}
}

// Restore takes up a State; nil begins anew.
func (s *Plateau) Restore(state []float64) error {
	if state == nil {
		state = make([]float64, 5)
	}
	if len(state) != 5 {
		return fmt.Errorf("the state of a plateau schedule has %d numbers, want 5", len(state))
	}
	s.seen, s.best = state[0] != 0, state[1]
	s.bad, s.rest, s.lowered = int(state[2]), int(state[3]), int(state[4])
	return nil
}
