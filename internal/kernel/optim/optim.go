// Package optim updates parameters from their gradients.
package optim

import (
	"math"

	"dnn/internal/kernel/scalar"
)

// The optimizers update parameters p from gradients g and their state in one
// pass. Formulas and defaults are torch.optim's single-tensor ones; gscale (for
// clipping, averaging) multiplies the gradient before anything else. All slices
// have the length of p; p, g and the states must be different slices. A weight
// decay of 0 is multiplied too, so an infinite p becomes NaN.

// complement is 1-β, rounded once. A decay rate is meant as a decimal: the
// float32 nearest to 0.999 is off by 1.3e-8, which 1-β would magnify a
// thousandfold. So if β is the float32 of a decimal of up to seven places, the
// decimal is taken.
func complement(beta float32) float32 {
	d := math.Round(float64(beta)*1e7) / 1e7
	if float32(d) != beta {
		d = float64(beta)
	}
	return float32(1 - d)
}

// SGD is stochastic gradient descent with momentum (Sutskever et al. 2013):
//
//	g = fma(weightDecay, p, g·gscale)
//	m = g the first time, then fma(1-dampening, g, momentum·m)
//	d = m, or with nesterov fma(momentum, m, g)
//	p = fma(-lr, d, p)
//
// A nil m means no momentum: d = g.
func SGD(p, g, m []float32, lr, momentum, dampening, weightDecay float32, nesterov, first bool, gscale float32) {
	n := len(p)
	if m == nil {
		active.sgd(p, g[:n], lr, weightDecay, gscale)
		return
	}
	k, keep := complement(dampening), momentum
	if first {
		k, keep = 1, 0
		clear(m[:n])
	}
	f := active.sgdMomentum
	if nesterov {
		f = active.sgdNesterov
	}
	f(p, g[:n], m[:n], lr, keep, momentum, k, weightDecay, gscale)
}

func sgdGeneric(p, g []float32, lr, wd, gs float32) {
	for i, v := range p {
		d := scalar.FMA(wd, v, scalar.Mul(g[i], gs))
		p[i] = scalar.FMA(-lr, d, v)
	}
}

// sgdMomentumGeneric has momentum twice: keep, which is 0 the first time, for
// the state, and mu for Nesterov's look ahead.
func sgdMomentumGeneric(p, g, m []float32, lr, keep, _, k, wd, gs float32) {
	for i, v := range p {
		d := scalar.FMA(wd, v, scalar.Mul(g[i], gs))
		b := scalar.FMA(k, d, scalar.Mul(keep, m[i]))
		m[i] = b
		p[i] = scalar.FMA(-lr, b, v)
	}
}

func sgdNesterovGeneric(p, g, m []float32, lr, keep, mu, k, wd, gs float32) {
	for i, v := range p {
		d := scalar.FMA(wd, v, scalar.Mul(g[i], gs))
		b := scalar.FMA(k, d, scalar.Mul(keep, m[i]))
		m[i] = b
		p[i] = scalar.FMA(-lr, scalar.FMA(mu, b, d), v)
	}
}

// Lion (Chen et al. 2023) is
//
//	g = g·gscale
//	p = p·(1 - lr·weightDecay) - lr·sign(beta1·m + (1-beta1)·g)
//	m = beta2·m + (1-beta2)·g
//
// with each sum a product and an fma, and the decay factor rounded once.
func Lion(p, g, m []float32, lr, beta1, beta2, weightDecay, gscale float32) {
	n := len(p)
	decay := float32(1 - float64(lr)*float64(weightDecay))
	active.lion(p, g[:n], m[:n], lr, decay, beta1, complement(beta1), beta2, complement(beta2), gscale)
}

func lionGeneric(p, g, m []float32, lr, decay, b1, c1, b2, c2, gs float32) {
	for i, v := range p {
		d := scalar.Mul(g[i], gs)
		u := scalar.Sign(scalar.FMA(c1, d, scalar.Mul(b1, m[i])))
		p[i] = scalar.FMA(-lr, u, scalar.Mul(v, decay))
		m[i] = scalar.FMA(c2, d, scalar.Mul(b2, m[i]))
	}
}
