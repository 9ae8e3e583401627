package optim

import (
	"math"
	"testing"

	"dnn/internal/kernel/guard"
	"dnn/internal/kernel/kerneltest"
)

// An optimizer under test: one step in float32 and the same in float64, written
// down independently from PyTorch's sources.
var optimizers = []struct {
	name  string
	step  func(p, g []float32, s state, step int)
	exact func(p, g *float64, s *[3]float64, step int)
}{
	{"SGD", func(p, g []float32, _ state, _ int) { SGD(p, g, nil, 0.1, 0, 0, 0.01, false, false, 0.5) },
		func(p, g *float64, _ *[3]float64, _ int) { *p -= 0.1 * decayed(p, g) }},
	{"SGD momentum", func(p, g []float32, s state, step int) {
		SGD(p, g, s[0], 0.1, 0.9, 0.1, 0.01, false, step == 1, 0.5)
	}, func(p, g *float64, s *[3]float64, step int) {
		sgdBuffer(decayed(p, g), 0.1, s, step)
		*p -= 0.1 * s[0]
	}},
	{"SGD nesterov", func(p, g []float32, s state, step int) {
		SGD(p, g, s[0], 0.1, 0.9, 0, 0.01, true, step == 1, 0.5)
	}, func(p, g *float64, s *[3]float64, step int) {
		d := decayed(p, g)
		sgdBuffer(d, 0, s, step)
		*p -= 0.1 * (d + 0.9*s[0])
	}},
	{"Adagrad", func(p, g []float32, s state, _ int) { Adagrad(p, g, s[0], 0.1, 1e-10, 0.01, 0.5) },
		func(p, g *float64, s *[3]float64, _ int) {
			d := decayed(p, g)
			s[0] += d * d
			*p -= 0.1 * d / (math.Sqrt(s[0]) + 1e-10)
		}},
	{"Adadelta", func(p, g []float32, s state, _ int) { Adadelta(p, g, s[0], s[1], 1, 0.9, 1e-6, 0.01, 0.5) },
		func(p, g *float64, s *[3]float64, _ int) {
			d := decayed(p, g)
			s[0] = 0.9*s[0] + 0.1*d*d
			d *= math.Sqrt(s[1]+1e-6) / math.Sqrt(s[0]+1e-6)
			s[1] = 0.9*s[1] + 0.1*d*d
			*p -= d
		}},
	{"RMSprop", func(p, g []float32, s state, _ int) { RMSprop(p, g, s[0], nil, nil, 0.01, 0.99, 1e-8, 0.01, 0, 0.5) },
		exactRMSprop(0, false)},
	{"RMSprop momentum", func(p, g []float32, s state, _ int) {
		RMSprop(p, g, s[0], s[1], nil, 0.01, 0.99, 1e-8, 0.01, 0.9, 0.5)
	}, exactRMSprop(0.9, false)},
	{"RMSprop centered", func(p, g []float32, s state, _ int) {
		RMSprop(p, g, s[0], nil, s[2], 0.01, 0.99, 1e-8, 0.01, 0, 0.5)
	}, exactRMSprop(0, true)},
	{"RMSprop full", func(p, g []float32, s state, _ int) {
		RMSprop(p, g, s[0], s[1], s[2], 0.01, 0.99, 1e-8, 0.01, 0.9, 0.5)
	}, exactRMSprop(0.9, true)},
	{"Adam", func(p, g []float32, s state, step int) { Adam(p, g, s[0], s[1], nil, adamParams(step, false)) },
		exactAdam(false, false)},
	{"AdamW", func(p, g []float32, s state, step int) { Adam(p, g, s[0], s[1], nil, adamParams(step, true)) },
		exactAdam(true, false)},
	{"AMSGrad", func(p, g []float32, s state, step int) { Adam(p, g, s[0], s[1], s[2], adamParams(step, false)) },
		exactAdam(false, true)},
	{"NAdam", stepNAdam, exactNAdam},
	{"Lion", func(p, g []float32, s state, _ int) { Lion(p, g, s[0], 1e-2, 0.9, 0.99, 0.01, 0.5) },
		func(p, g *float64, s *[3]float64, _ int) {
			d := *g * 0.5
			u := 0.9*s[0] + 0.1*d
			*p -= 1e-2 * 0.01 * *p
			if u != 0 {
				*p -= math.Copysign(1e-2, u)
			}
			s[0] = 0.99*s[0] + 0.01*d
		}},
}

// state are up to three slices that an optimizer keeps.
type state [3][]float32

func newState(n int) (s state) {
	for i := range s {
		s[i] = guard.Floats(n)
	}
	return s
}

func decayed(p, g *float64) float64 { return *g*0.5 + 0.01**p }

func sgdBuffer(d, dampening float64, s *[3]float64, step int) {
	if step == 1 {
		s[0] = d
	} else {
		s[0] = 0.9*s[0] + (1-dampening)*d
	}
}

func exactRMSprop(momentum float64, centered bool) func(p, g *float64, s *[3]float64, step int) {
	return func(p, g *float64, s *[3]float64, _ int) {
		d := decayed(p, g)
		s[0] = 0.99*s[0] + 0.01*d*d
		v := s[0]
		if centered {
			s[2] += 0.01 * (d - s[2])
			v -= s[2] * s[2]
		}
		s[1] = momentum*s[1] + d/(math.Sqrt(v)+1e-8)
		*p -= 0.01 * s[1]
	}
}

func adamParams(step int, decoupled bool) AdamParams {
	t := float64(step)
	return AdamParams{
		LR: 1e-2, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01, Decoupled: decoupled, GScale: 0.5,
		StepSize:            float32(1e-2 / (1 - math.Pow(0.9, t))),
		BiasCorrection2Sqrt: float32(math.Sqrt(1 - math.Pow(0.999, t))),
	}
}

func exactMoments(p, g *float64, s *[3]float64, decoupled bool) float64 {
	d := decayed(p, g)
	if decoupled {
		d = *g * 0.5
		*p *= 1 - 1e-2*0.01
	}
	s[0] += 0.1 * (d - s[0])
	s[1] = 0.999*s[1] + 0.001*d*d
	return d
}

func exactAdam(decoupled, amsgrad bool) func(p, g *float64, s *[3]float64, step int) {
	return func(p, g *float64, s *[3]float64, step int) {
		exactMoments(p, g, s, decoupled)
		v := s[1]
		if amsgrad {
			s[2] = max(s[2], v)
			v = s[2]
		}
		t := float64(step)
		*p -= 1e-2 / (1 - math.Pow(0.9, t)) * s[0] / (math.Sqrt(v)/math.Sqrt(1-math.Pow(0.999, t)) + 1e-8)
	}
}

// nadamMu is μ_t, and the product of all up to t.
func nadamMu(t int) (mu, product float64) {
	product = 1
	for i := 1; i <= t; i++ {
		mu = 0.9 * (1 - 0.5*math.Pow(0.96, float64(i)*0.004))
		product *= mu
	}
	return mu, product
}

func stepNAdam(p, g []float32, s state, step int) {
	mu, product := nadamMu(step)
	next, nextProduct := nadamMu(step + 1)
	NAdam(p, g, s[0], s[1], NAdamParams{
		LR: 1e-2, Beta1: 0.9, Beta2: 0.999, Eps: 1e-8, WeightDecay: 0.01, GScale: 0.5,
		GradStep:        float32(1e-2 * (1 - mu) / (1 - product)),
		MomentStep:      float32(1e-2 * next / (1 - nextProduct)),
		BiasCorrection2: float32(1 - math.Pow(0.999, float64(step))),
	})
}

func exactNAdam(p, g *float64, s *[3]float64, step int) {
	mu, product := nadamMu(step)
	next, nextProduct := nadamMu(step + 1)
	d := exactMoments(p, g, s, false)
	w := math.Sqrt(s[1]/(1-math.Pow(0.999, float64(step)))) + 1e-8
	*p -= 1e-2 * (1 - mu) / (1 - product) * d / w
	*p -= 1e-2 * next / (1 - nextProduct) * s[0] / w
}

// TestOptimizers follows ten steps in float64.
func TestOptimizers(t *testing.T) {
	const n = 67
	for _, o := range optimizers {
		t.Run(o.name, func(t *testing.T) {
			p, s := kerneltest.Normals(n, 1), newState(n)
			want, states := make([]float64, n), make([][3]float64, n)
			for i, v := range p {
				want[i] = float64(v)
			}
			for step := 1; step <= 10; step++ {
				g := kerneltest.Normals(n, 10+step)
				o.step(p, g, s, step)
				for i := range want {
					d := float64(g[i])
					o.exact(&want[i], &d, &states[i], step)
				}
				kerneltest.WantNear(t, o.name, p, want, 2e-6)
			}
		})
	}
}

func TestComplement(t *testing.T) {
	for beta, want := range map[float32]float32{0.999: 0.001, 0.9: 0.1, 0.99: 0.01, 0: 1, 1: 0, 1 - 0x1p-20: 0x1p-20, 0.9999: 0.0001} {
		if got := complement(beta); got != want {
			t.Errorf("complement(%v) = %v, want %v", beta, got, want)
		}
	}
}

// optimizerCases take three steps, the first and two more.
func optimizerCases() []kerneltest.Case {
	var cs []kerneltest.Case
	for _, o := range optimizers {
		for kind, data := range kerneltest.Kinds {
			cs = append(cs, kerneltest.Case{Name: o.name + kind, Run: func(n int) []float32 {
				p, s := data(n, 1), newState(n)
				for step := 1; step <= 3; step++ {
					o.step(p, data(n, 1+step), s, step)
				}
				for _, v := range s {
					p = append(p, v...)
				}
				return p
			}})
		}
	}
	return cs
}

// BenchmarkOptimizer updates 100000 parameters, which do not fit into the
// first-level cache, once per operation.
func BenchmarkOptimizer(b *testing.B) {
	const n = 100_000
	p, g, s := kerneltest.Normals(n, 1), kerneltest.Normals(n, 2), newState(n)
	for _, o := range optimizers {
		b.Run(o.name, func(b *testing.B) { kerneltest.PerElement(b, n, func() { o.step(p, g, s, 2) }) })
	}
}
