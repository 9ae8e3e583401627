package schedule

import (
	"fmt"
	"math"
)

func init() {
	Registry.Register("plateau", "multiplied by a factor when the monitored figure no longer gets better", &Plateau{})
}

// Plateau lowers the rate when training no longer helps. After each validation it looks at the monitored figure: the one
// that early stopping watches, else the loss of the validation split. A figure is better than the best so far when
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
}

// progress is what a plateau remembers of the validations so far.
type progress struct {
	seen      bool    // whether any figure was a number
	best      float64 // figure so far
	bad, rest int     // validations since the best one; validations left of the cooldown
	lowered   int     // times the rate was lowered
}

// Cases are examples of it.
func (*Plateau) Cases() []Case {
	return []Case{
		{"{type: plateau, initial: 0.1, warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.1, 0.1, 0.1, 0.1}},
	}
}

// Rate is what the figures so far made it.
func (s *Plateau) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *Plateau) rate(at Position) float64 {
	rate := s.Initial
	for range read(at.Observed).lowered {
		rate = max(rate*s.Factor, min(s.Minimum, s.Initial))
	}
	return rate
}

// Observe lowers the rate when the time has come.
func (s *Plateau) Observe(observed []float64, value float64, higherIsBetter bool) []float64 {
	p := read(observed)
	if s.better(p, value, higherIsBetter) {
		p.seen, p.best, p.bad = true, value, 0
	} else {
		p.bad++
	}
	if p.rest > 0 {
		p.rest, p.bad = p.rest-1, 0
	}
	if p.bad > s.Patience {
		p.lowered, p.rest, p.bad = p.lowered+1, s.Cooldown, 0
	}
	return p.numbers()
}

// Forget keeps how often the rate was lowered.
func (s *Plateau) Forget(observed []float64) []float64 {
	return progress{lowered: read(observed).lowered}.numbers()
}

func (s *Plateau) better(p progress, value float64, higherIsBetter bool) bool {
	margin := s.Threshold
	if s.ThresholdMode == "relative" {
		margin = float64(margin * p.best)
	}
	switch {
	case math.IsNaN(value) || math.IsInf(value, 0):
		return false
	case !p.seen:
		return true
	case higherIsBetter:
		return value > p.best+margin
	}
	return value < p.best-margin
}

// CheckObserved expects the numbers of a progress.
func (s *Plateau) CheckObserved(observed []float64) error {
	if observed != nil && len(observed) != progressNumbers {
		return fmt.Errorf("the plateau schedule expects %d numbers in a checkpoint, not %d", progressNumbers, len(observed))
	}
	return nil
}

const progressNumbers = 5

// numbers are a progress as a checkpoint holds it.
func (p progress) numbers() []float64 {
	seen := 0.0
	if p.seen {
		seen = 1
	}
	return []float64{seen, p.best, float64(p.bad), float64(p.rest), float64(p.lowered)}
}

// read is the reverse of numbers; no validation has taken place when observed is nil.
func read(observed []float64) progress {
	if observed == nil {
		return progress{}
	}
	return progress{
		seen: observed[0] != 0, best: observed[1],
		bad: int(observed[2]), rest: int(observed[3]), lowered: int(observed[4]),
	}
}
