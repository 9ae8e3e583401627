package initializer

import "math"

func init() {
	Registry.Register("he_normal", "normal, scaled by fan-in: relu and its kin", &HeNormal{})
}

// HeNormal draws from a normal distribution that keeps the variance of signals through layers that end in a relu, which
// halves it:
//
//	w ~ N(0, σ²), σ = √(2 / fan_in)
//
// Source: He et al. 2015, "Delving deep into rectifiers", eq. 10.
type HeNormal struct{}

// Cases are examples of it.
func (*HeNormal) Cases() []Case {
	return []Case{{Spec: "he_normal", Std: math.Sqrt(2. / 600), Most: 1}}
}

// Fill draws.
func (*HeNormal) Fill(dst []float32, t Target) { t.normal(dst, 0, math.Sqrt(2/t.fanIn())) }
