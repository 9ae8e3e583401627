package schedule

import "dnn/pkg/spec"

func init() {
	Registry.Register("cosine", "half a cosine wave from initial to final, with restarts if wanted", &Cosine{})
}

// Cosine lets the rate fall along half a cosine wave over a span of T steps, k of which are done since the warm-up:
//
//	rate = final + (initial - final)·(1 + cos(π·k/T))/2
//
// With restarts it falls in cycles, each beginning at initial again; the first has T = first, each later one is growth
// times as long as the one before. Without restarts the rate stays at final when the span is over.
//
// Source: Loshchilov & Hutter 2017 (SGDR), equation 5; PyTorch, CosineAnnealingLR and CosineAnnealingWarmRestarts.
type Cosine struct {
	Initial  float64   `required:"true" range:"[0,)" doc:"learning rate at the start, after the warm-up"`
	Final    float64   `default:"0" range:"[0,)" doc:"learning rate at the end, and at the end of each cycle"`
	Restarts *Restarts `doc:"begin again at initial after each cycle, until training ends"`
	Span     `spec:",inline"`
	Warmup   `spec:",inline"`
}

// Cases are examples of it.
func (*Cosine) Cases() []Case {
	return []Case{
		{"{type: cosine, initial: 0.1, restarts: {first: 2, growth: 2}, warmup: 3}", []float64{0, 0.0333333, 0.0666667, 0.1, 0.0853553, 0.05, 0.0146447, 0.1}},
	}
}

// Restarts are the cycles of a cosine schedule.
type Restarts struct {
	First  int `required:"true" range:"[1,)" doc:"length of the first cycle, in the schedule's unit"`
	Growth int `default:"1" range:"[1,)" doc:"how many times as long each cycle is as the one before"`
}

// CheckSpec refuses a length where the cycles have lengths of their own.
func (s *Cosine) CheckSpec(path string, p *spec.Problems) {
	if s.Restarts != nil && s.Length > 0 {
		p.Add(path+".length", "has no meaning with restarts, which go on until training ends")
	}
}

// Rate falls from initial to final.
func (s *Cosine) Rate(at Position) float64 { return s.climb(at, s.rate) }

func (s *Cosine) rate(at Position) float64 {
	k, n := s.place(at, s.Warmup.Warmup)
	if r := s.Restarts; r != nil {
		k, n = max(0, at.Step-s.Warmup.Warmup), max(1, s.steps(r.First, at))
		for k >= n {
			if r.Growth <= 1 {
				k %= n
				break
			}
			k, n = k-n, n*r.Growth
		}
	}
	return cosine(s.Initial, s.Final, float64(k)/float64(n))
}
