package schedule

func init() {
	Registry.Register("polynomial", "falling as a power of the time that is left; a straight line by default", &Polynomial{})
}

// Polynomial lets the rate fall over a span of T steps, k of which are done since the warm-up:
//
//	rate = final + (initial - final)·(1 - k/T)^power
//
// Source: PyTorch, PolynomialLR, which has final 0; the end value is that of TensorFlow's PolynomialDecay.
type Polynomial struct {
	Initial float64 `required:"true" range:"[0,)" doc:"learning rate at the start, after the warm-up"`
	Final   float64 `default:"0" range:"[0,)" doc:"learning rate at the end"`
	Power   float64 `default:"1" range:"(0,)" doc:"1 falls in a straight line, more falls faster at first"`
	Span    `spec:",inline"`
	Warmup  `spec:",inline"`
}

// Cases are examples of it.
func (*Polynomial) Cases() []Case {
	return []Case{
		{"{type: polynomial, initial: 0.1, final: 0.01, warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.082, 0.064, 0.046, 0.028}},
	}
}

// Rate falls from initial to final.
func (s *Polynomial) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *Polynomial) rate(at Position) float64 {
	k, n := s.place(at, s.Warmup.Warmup)
	return mix(s.Final, s.Initial, pow(1-float64(k)/float64(n), s.Power))
}
