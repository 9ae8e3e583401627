package initializer

import "math"

func init() {
	Registry.Register("he_uniform", "uniform, scaled by fan-in: relu and its kin", &HeUniform{})
}

// HeUniform draws uniformly, with the variance of he_normal:
//
//	w ~ U(-a, a), a = √(6 / fan_in)
//
// Source: He et al. 2015, "Delving deep into rectifiers", eq. 10.
type HeUniform struct{}

// Cases are examples of it.
func (*HeUniform) Cases() []Case {
	return []Case{{Spec: "he_uniform", Std: math.Sqrt(2. / 600), Most: math.Sqrt(6. / 600)}}
}

// Fill draws.
func (*HeUniform) Fill(dst []float32, t Target) { t.uniform(dst, math.Sqrt(6/t.fanIn())) }
