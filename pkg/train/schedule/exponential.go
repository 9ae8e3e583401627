package schedule

import "math"

func init() {
	Registry.Register("exponential", "multiplied by a factor after each epoch", &Exponential{})
}

// Exponential lowers the rate a little after each epoch, or each step:
//
//	rate = initial · factor^t
//
// Source: PyTorch, ExponentialLR.
type Exponential struct {
	Initial float64 `required:"true" range:"[0,)" doc:"learning rate at the start"`
	Factor  float64 `required:"true" range:"(0,)" doc:"what the rate is multiplied by after each unit"`
	Unit    `spec:",inline"`
	Warmup  `spec:",inline"`
}

// Cases are examples of it.
func (*Exponential) Cases() []Case {
	return []Case{
		{"{type: exponential, initial: 0.1, factor: 0.9, warmup: 3}", []float64{0, 0.03, 0.06, 0.09, 0.081, 0.081, 0.0729, 0.0729}},
	}
}

// Rate falls by the factor after each unit.
func (s *Exponential) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *Exponential) rate(at Position) float64 {
	return s.Initial * math.Pow(s.Factor, float64(s.count(at)))
}
