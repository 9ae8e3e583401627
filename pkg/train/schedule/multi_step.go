package schedule

import "math"

func init() {
	Registry.Register("multi_step", "multiplied by a factor at each of given epochs", &MultiStep{})
}

// MultiStep lowers the rate when training reaches each milestone:
//
//	rate = initial · factor^n      n milestones ≤ t, t in epochs, or steps
//
// A milestone that is listed twice counts twice. Source: PyTorch, MultiStepLR.
type MultiStep struct {
	Initial    float64 `required:"true" range:"[0,)" doc:"learning rate at the start"`
	Milestones []int   `required:"true" range:"[1,)" length:"[1,)" doc:"when the rate falls: whole epochs (or steps) done before it does"`
	Factor     float64 `default:"0.1" range:"(0,)" doc:"what the rate is multiplied by"`
	Unit       `spec:",inline"`
	Warmup     `spec:",inline"`
}

// Cases are examples of it.
func (*MultiStep) Cases() []Case {
	return []Case{
		{"{type: multi_step, initial: 0.1, milestones: [2, 4], warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.01, 0.01, 0.01, 0.01}},
	}
}

// Rate falls by the factor at each milestone.
func (s *MultiStep) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *MultiStep) rate(at Position) float64 {
	t, passed := s.count(at), 0
	for _, m := range s.Milestones {
		if m <= t {
			passed++
		}
	}
	return s.Initial * math.Pow(s.Factor, float64(passed))
}
