package initializer

import "math"

func init() {
	Registry.Register("lecun_uniform", "uniform, scaled by fan-in: selu, linear", &LecunUniform{})
}

// LecunUniform draws uniformly, with the variance of lecun_normal:
//
//	w ~ U(-a, a), a = √(3 / fan_in)
//
// Source: LeCun et al. 1998, "Efficient BackProp", section 4.6.
type LecunUniform struct{}

// Cases are examples of it.
func (*LecunUniform) Cases() []Case {
	return []Case{{Spec: "lecun_uniform", Std: math.Sqrt(1. / 600), Most: math.Sqrt(3. / 600)}}
}

// Fill draws.
func (*LecunUniform) Fill(dst []float32, t Target) { t.uniform(dst, math.Sqrt(3/t.fanIn())) }
