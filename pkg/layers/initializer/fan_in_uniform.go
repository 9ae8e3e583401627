package initializer

import "math"

func init() {
	Registry.Register("fan_in_uniform", "uniform, scaled by fan-in: small first values, PyTorch's default", &FanInUniform{})
}

// FanInUniform draws uniformly, with a third of the variance of lecun_normal:
//
//	w ~ U(-a, a), a = 1/√fan_in
//
// Source: PyTorch, torch.nn.Linear.reset_parameters, which writes it as kaiming_uniform with a = √5.
type FanInUniform struct{}

// Cases are examples of it.
func (*FanInUniform) Cases() []Case {
	return []Case{{Spec: "fan_in_uniform", Std: math.Sqrt(1. / 1800), Most: math.Sqrt(1. / 600)}}
}

// Fill draws.
func (*FanInUniform) Fill(dst []float32, t Target) { t.uniform(dst, 1/math.Sqrt(t.fanIn())) }
