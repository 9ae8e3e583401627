package schedule

import (
	"math"

	"dnn/pkg/spec"
)

func init() {
	Registry.Register("constant", "the same rate throughout; a plain number is short for it", &Constant{})
}

// Constant keeps the rate as it is.
type Constant struct {
	Initial float64 `required:"true" range:"[0,)" doc:"the learning rate"`
	Warmup  `spec:",inline"`
}

// Cases are examples of it.
func (*Constant) Cases() []Case {
	return []Case{
		{"0.1", []float64{0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1}},
		{"{type: constant, initial: 0.1, warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.1, 0.1, 0.1, 0.1}},
	}
}

// Rate is the given one.
func (s *Constant) Rate(at Position) float64 {
	return s.climb(at, func(Position) float64 { return s.Initial })
}

// CheckSpec looks at a rate that was written as a plain number; a mapping has been held against the range already.
func (s *Constant) CheckSpec(path string, p *spec.Problems) {
	if !(s.Initial >= 0) || math.IsInf(s.Initial, 1) {
		p.Add(path, "%v is out of range: want 0 or more", s.Initial)
	}
}

// MarshalSpec writes a plain number where that says it all.
func (s *Constant) MarshalSpec() any {
	if s.Warmup == (Warmup{}) {
		return s.Initial
	}
	return struct {
		Type    string
		Initial float64
		Warmup  `spec:",inline"`
	}{"constant", s.Initial, s.Warmup}
}
