package schedule

func init() {
	Registry.Register("one_cycle", "one climb to a high rate, then a long fall to almost nothing", &OneCycle{})
}

// OneCycle climbs from max/division to max and then falls to max/(division·final_division). Of T steps, counted from 0,
// the climb ends at step rise·T - 1 (which need not be whole) and the fall at step T - 1. With three_phase the rate falls
// to where it began as fast as it climbed, and only then to its end.
//
// Source: Smith & Topin 2019; PyTorch, OneCycleLR. Only the rate goes round: the optimizer's momentum stays as it is (in
// PyTorch: cycle_momentum=False).
type OneCycle struct {
	Max           float64 `required:"true" range:"[0,)" doc:"highest learning rate"`
	Rise          float64 `default:"0.3" range:"[0,1]" doc:"share of the steps in which the rate climbs"`
	Division      float64 `default:"25" range:"(0,)" doc:"the rate begins at max/division"`
	FinalDivision float64 `default:"1e4" range:"(0,)" doc:"the rate ends at its beginning divided by this"`
	Anneal        string  `default:"cosine" oneof:"cosine|linear" doc:"form of the climb and the fall"`
	ThreePhase    bool    `default:"false" doc:"fall back to the beginning as fast as the climb, then to the end"`
	Span          `spec:",inline"`
	Warmup        `spec:",inline"`
}

// Cases are examples of it.
func (*OneCycle) Cases() []Case {
	return []Case{
		{"{type: one_cycle, max: 0.1, warmup: 3, warmup_from: 0.001}", []float64{0.001, 0.002, 0.003, 0.004, 0.0950485, 0.0611262, 0.0188258, 4e-07}},
	}
}

// Rate climbs and falls.
func (s *OneCycle) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *OneCycle) rate(at Position) float64 {
	step, steps := s.place(at, s.Warmup.Warmup)
	k, n := min(float64(step), float64(steps-1)), float64(steps)
	first := s.Max / s.Division
	last := first / s.FinalDivision
	top, end := float64(s.Rise*n)-1, n-1
	back := float64(2*s.Rise*n) - 2 // the end of the second of three phases
	switch {
	case k <= top:
		return s.between(first, s.Max, k, 0, top)
	case !s.ThreePhase:
		return s.between(s.Max, last, k, top, end)
	case k <= back:
		return s.between(s.Max, first, k, top, back)
	}
	return s.between(first, last, k, back, end)
}

// between goes from a at step lo to b at step hi.
func (s *OneCycle) between(a, b, k, lo, hi float64) float64 {
	t := 1.0
	if hi > lo {
		t = (k - lo) / (hi - lo)
	}
	if s.Anneal == "linear" {
		return mix(a, b, t)
	}
	return cosine(a, b, t)
}
