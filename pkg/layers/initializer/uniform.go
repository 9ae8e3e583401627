package initializer

import (
	"dnn/internal/kernel/rand"
	"dnn/pkg/spec"
	"math"
)

func init() {
	Registry.Register("uniform", "uniform between two bounds", &Uniform{})
}

// Uniform draws uniformly:
//
//	w ~ U(min, max)
//
// Error: min above max.
type Uniform struct {
	Min float64 `default:"-0.05" range:"(,)" doc:"lower bound"`
	Max float64 `default:"0.05" range:"(,)" doc:"upper bound"`
}

// Cases are examples of it.
func (*Uniform) Cases() []Case {
	return []Case{{Spec: "{type: uniform, min: -1, max: 3}", Mean: 1, Std: 4 / math.Sqrt(12), Most: 3}}
}

// CheckSpec reports an empty interval.
func (u *Uniform) CheckSpec(path string, p *spec.Problems) {
	if u.Min > u.Max {
		p.Add(path, "min %v is above max %v", u.Min, u.Max)
	}
}

// Fill draws.
func (u *Uniform) Fill(dst []float32, t Target) {
	rand.Uniform(dst, float32(u.Min), float32(u.Max), t.Seed, t.Stream, 0, 0)
}
