package schedule

import "math"

func init() { Registry.Register("step", "multiplied by a factor every so many epochs", &Step{}) }

// Step lowers the rate in even steps:
//
//	rate = initial · factor^⌊t/every⌋      t in epochs, or steps
//
// Source: PyTorch, StepLR.
type Step struct {
	Initial float64 `required:"true" range:"[0,)" doc:"learning rate at the start"`
	Every   int     `required:"true" range:"[1,)" doc:"how long each rate lasts"`
	Factor  float64 `default:"0.1" range:"(0,)" doc:"what the rate is multiplied by"`
	Unit    `spec:",inline"`
	Warmup  `spec:",inline"`
}

// Cases are examples of it.
func (*Step) Cases() []Case {
	return []Case{
		{"{type: step, initial: 0.1, every: 2, warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.01, 0.01, 0.01, 0.01}},
	}
}

// Rate falls by the factor every so often.
func (s *Step) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *Step) rate(at Position) float64 {
	return s.Initial * math.Pow(s.Factor, float64(s.count(at)/s.Every))
}
