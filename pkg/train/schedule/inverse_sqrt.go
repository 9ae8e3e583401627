package schedule

import "math"

func init() {
	Registry.Register("inverse_sqrt", "a warm-up, then falling as one over the square root of the step", &InverseSqrt{})
}

// InverseSqrt is the schedule of the first transformers. With w = max(1, warmup), after the warm-up
//
//	rate = initial · √(w/k)      k = updates done
//
// so that initial is the highest rate, reached when the warm-up ends. Without a warm-up it is initial/√k.
//
// Source: Vaswani et al. 2017, section 5.3 (there initial = 1/√(size·warmup)); fairseq, inverse_sqrt.
type InverseSqrt struct {
	Initial float64 `required:"true" range:"[0,)" doc:"highest learning rate, at the end of the warm-up"`
	Warmup  `spec:",inline"`
}

// Cases are examples of it.
func (*InverseSqrt) Cases() []Case {
	return []Case{
		{"{type: inverse_sqrt, initial: 0.1, warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.0866025, 0.0774597, 0.0707107, 0.0654654}},
	}
}

// Rate climbs, then falls ever more slowly.
func (s *InverseSqrt) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *InverseSqrt) rate(at Position) float64 {
	return s.Initial * math.Sqrt(float64(max(1, s.Warmup.Warmup))/float64(max(1, at.Step)))
}
