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

// Fill draws.
func (*GlorotNormal) Fill(dst []float32, t Target) { t.normal(dst, 0, math.Sqrt(2/t.fanSum())) }
