package optim

import "dnn/internal/kernel/scalar"

// Adagrad (Duchi et al. 2011) is
//
//	g = fma(weightDecay, p, g·gscale)
//	h = fma(g, g, h)
//	p = fma(-lr, g/(√h+eps), p)
//
// lr has the decay over steps in it already.
func Adagrad(p, g, h []float32, lr, eps, weightDecay, gscale float32) {
	n := len(p)
	active.adagrad(p, g[:n], h[:n], lr, eps, weightDecay, gscale)
}

func adagradGeneric(p, g, h []float32, lr, eps, wd, gs float32) {
	for i, v := range p {
		d := scalar.FMA(wd, v, scalar.Mul(g[i], gs))
		s := scalar.FMA(d, d, h[i])
		h[i] = s
		p[i] = scalar.FMA(-lr, d/(scalar.Sqrt(s)+eps), v)
	}
}

// Adadelta (Zeiler 2012) is
//
//	g = fma(weightDecay, p, g·gscale)
//	v = fma((1-rho)·g, g, rho·v)
//	d = √(u+eps)/√(v+eps)·g
//	u = fma((1-rho)·d, d, rho·u)
//	p = fma(-lr, d, p)
func Adadelta(p, g, v, u []float32, lr, rho, eps, weightDecay, gscale float32) {
	n := len(p)
	active.adadelta(p, g[:n], v[:n], u[:n], lr, rho, complement(rho), eps, weightDecay, gscale)
}

func adadeltaGeneric(p, g, v, u []float32, lr, rho, c, eps, wd, gs float32) {
	for i, x := range p {
		a := scalar.FMA(wd, x, scalar.Mul(g[i], gs))
		s := scalar.FMA(scalar.Mul(c, a), a, scalar.Mul(rho, v[i]))
		v[i] = s
		d := scalar.Mul(scalar.Sqrt(u[i]+eps)/scalar.Sqrt(s+eps), a)
		u[i] = scalar.FMA(scalar.Mul(c, d), d, scalar.Mul(rho, u[i]))
		p[i] = scalar.FMA(-lr, d, x)
	}
}

// RMSprop (Tieleman & Hinton 2012; centred by Graves 2013) is
//
//	g  = fma(weightDecay, p, g·gscale)
//	v  = fma((1-alpha)·g, g, alpha·v)
//	ga = fma(1-alpha, g-ga, ga)              unless ga is nil
//	d  = √v + eps, or √(fma(-ga, ga, v)) + eps
//	m  = fma(momentum, m, g/d)               unless m is nil
//	p  = fma(-lr, m or g/d, p)
func RMSprop(p, g, v, m, ga []float32, lr, alpha, eps, weightDecay, momentum, gscale float32) {
	n := len(p)
	c := complement(alpha)
	switch {
	case m == nil && ga == nil:
		active.rmsprop(p, g[:n], v[:n], lr, alpha, c, eps, weightDecay, gscale)
	case ga == nil:
		active.rmspropMomentum(p, g[:n], v[:n], m[:n], lr, alpha, c, eps, weightDecay, momentum, gscale)
	case m == nil:
		active.rmspropCentered(p, g[:n], v[:n], ga[:n], lr, alpha, c, eps, weightDecay, gscale)
	default:
		active.rmspropFull(p, g[:n], v[:n], m[:n], ga[:n], lr, alpha, c, eps, weightDecay, momentum, gscale)
	}
}

func rmspropGeneric(p, g, v []float32, lr, alpha, c, eps, wd, gs float32) {
	for i, x := range p {
		d := scalar.FMA(wd, x, scalar.Mul(g[i], gs))
		s := scalar.FMA(scalar.Mul(c, d), d, scalar.Mul(alpha, v[i]))
		v[i] = s
		p[i] = scalar.FMA(-lr, d/(scalar.Sqrt(s)+eps), x)
	}
}

func rmspropMomentumGeneric(p, g, v, m []float32, lr, alpha, c, eps, wd, mu, gs float32) {
	for i, x := range p {
		d := scalar.FMA(wd, x, scalar.Mul(g[i], gs))
		s := scalar.FMA(scalar.Mul(c, d), d, scalar.Mul(alpha, v[i]))
		v[i] = s
		b := scalar.FMA(mu, m[i], d/(scalar.Sqrt(s)+eps))
		m[i] = b
		p[i] = scalar.FMA(-lr, b, x)
	}
}

func rmspropCenteredGeneric(p, g, v, ga []float32, lr, alpha, c, eps, wd, gs float32) {
	for i, x := range p {
		d := scalar.FMA(wd, x, scalar.Mul(g[i], gs))
		s := scalar.FMA(scalar.Mul(c, d), d, scalar.Mul(alpha, v[i]))
		v[i] = s
		a := scalar.FMA(c, d-ga[i], ga[i])
		ga[i] = a
		p[i] = scalar.FMA(-lr, d/(scalar.Sqrt(scalar.FMA(-a, a, s))+eps), x)
	}
}

func rmspropFullGeneric(p, g, v, m, ga []float32, lr, alpha, c, eps, wd, mu, gs float32) {
	for i, x := range p {
		d := scalar.FMA(wd, x, scalar.Mul(g[i], gs))
		s := scalar.FMA(scalar.Mul(c, d), d, scalar.Mul(alpha, v[i]))
		v[i] = s
		a := scalar.FMA(c, d-ga[i], ga[i])
		ga[i] = a
		b := scalar.FMA(mu, m[i], d/(scalar.Sqrt(scalar.FMA(-a, a, s))+eps))
		m[i] = b
		p[i] = scalar.FMA(-lr, b, x)
	}
}
