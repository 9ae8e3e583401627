package initializer

import "math"

func init() {
	Registry.Register("glorot_normal", "normal, scaled by fan-in and fan-out: tanh, sigmoid, mixed nets", &GlorotNormal{})
}

// GlorotNormal draws from a normal distribution of the variance of glorot_uniform:
//
//	w ~ N(0, σ²), σ = √(2 / (fan_in + fan_out))
//
// Source: Glorot & Bengio 2010, eq. 12.
type GlorotNormal struct{}

// Cases are examples of it.
func (*GlorotNormal) Cases() []Case {
	return []Case{{Spec: "glorot_normal", Std: math.Sqrt(2. / 1000), Most: 1}}
}

// Fill draws.
func (*GlorotNormal) Fill(dst []float32, t Target) { t.normal(dst, 0, math.Sqrt(2/t.fanSum())) }
