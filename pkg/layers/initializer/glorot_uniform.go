package initializer

import "math"

func init() {
	Registry.Register("glorot_uniform", "uniform, scaled by fan-in and fan-out: tanh, sigmoid, mixed nets", &GlorotUniform{})
}

// GlorotUniform draws uniformly from an interval that keeps the variance of signals about the same on the way forward and
// of gradients on the way back:
//
//	w ~ U(-a, a), a = √(6 / (fan_in + fan_out))
//
// Source: Glorot & Bengio 2010, "Understanding the difficulty of training deep feedforward neural networks", eq. 16.
type GlorotUniform struct{}

// Cases are examples of it.
func (*GlorotUniform) Cases() []Case {
	return []Case{{Spec: "glorot_uniform", Std: math.Sqrt(2. / 1000), Most: math.Sqrt(6. / 1000)}}
}

// Fill draws.
func (*GlorotUniform) Fill(dst []float32, t Target) { t.uniform(dst, math.Sqrt(6/t.fanSum())) }
