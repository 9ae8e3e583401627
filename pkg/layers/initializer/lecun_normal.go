package initializer

import "math"

func init() {
	Registry.Register("lecun_normal", "normal, scaled by fan-in: selu, linear", &LecunNormal{})
}

// LecunNormal draws from a normal distribution that keeps the variance of signals through a linear layer; selu nets need
// it (Klambauer et al. 2017):
//
//	w ~ N(0, σ²), σ = √(1 / fan_in)
//
// Source: LeCun et al. 1998, "Efficient BackProp", section 4.6, eq. 16.
type LecunNormal struct{}

// Cases are examples of it.
func (*LecunNormal) Cases() []Case {
	return []Case{{Spec: "lecun_normal", Std: math.Sqrt(1. / 600), Most: 1}}
}

// Fill draws.
func (*LecunNormal) Fill(dst []float32, t Target) { t.normal(dst, 0, math.Sqrt(1/t.fanIn())) }
