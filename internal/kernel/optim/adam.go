package optim

import "dnn/internal/kernel/scalar"

// AdamParams are the scalars of one Adam step. The caller computes in float64,
// for step t = 1, 2, …,
//
//	StepSize            = LR/(1-Beta1ᵗ)
//	BiasCorrection2Sqrt = √(1-Beta2ᵗ)
//
// LR itself is used for decoupled weight decay only.
type AdamParams struct {
	LR, Beta1, Beta2, Eps, WeightDecay float32
	Decoupled                          bool // AdamW (Loshchilov & Hutter 2019)
	StepSize, BiasCorrection2Sqrt      float32
	GScale                             float32 // multiplies the gradient first: 1 for no change
}

// Adam (Kingma & Ba 2015; with vmax AMSGrad, Reddi et al. 2018) is
//
//	g = g·gscale; p = p·(1-lr·wd) if decoupled, else g = fma(wd, p, g)
//	m = fma(1-beta1, g-m, m)
//	v = fma((1-beta2)·g, g, beta2·v)
//	vmax = max(vmax, v)                       unless vmax is nil
//	p = fma(-stepSize, m/fma(√(vmax or v), 1/bc2, eps), p)
//
// with 1/bc2 rounded once: a division less for every parameter.
func Adam(p, g, m, v, vmax []float32, a AdamParams) {
	n := len(p)
	decay, wd := splitDecay(a.LR, a.WeightDecay, a.Decoupled)
	c1, b2, c2 := complement(a.Beta1), a.Beta2, complement(a.Beta2)
	rbc2 := float32(1 / float64(a.BiasCorrection2Sqrt))
	if vmax == nil {
		active.adam(p, g[:n], m[:n], v[:n], a.StepSize, c1, b2, c2, rbc2, a.Eps, wd, decay, a.GScale)
	} else {
		active.amsgrad(p, g[:n], m[:n], v[:n], vmax[:n], a.StepSize, c1, b2, c2, rbc2, a.Eps, wd, decay, a.GScale)
	}
}

// splitDecay turns weight decay into a factor for p (decoupled) or an amount of
// p in the gradient.
func splitDecay(lr, wd float32, decoupled bool) (factor, amount float32) {
	if decoupled {
		return float32(1 - float64(lr)*float64(wd)), 0
	}
	return 1, wd
}

// moments are the new m and v of Adam, AMSGrad and NAdam.
func moments(d, m, v, c1, b2, c2 float32) (float32, float32) {
	return scalar.FMA(c1, d-m, m), scalar.FMA(scalar.Mul(c2, d), d, scalar.Mul(b2, v))
}

func adamGeneric(p, g, m, v []float32, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32) {
	for i, x := range p {
		a, b := moments(scalar.FMA(wd, x, scalar.Mul(g[i], gs)), m[i], v[i], c1, b2, c2)
		m[i], v[i] = a, b
		p[i] = scalar.FMA(-step, a/scalar.FMA(scalar.Sqrt(b), rbc2, eps), scalar.Mul(x, decay))
	}
}

func amsgradGeneric(p, g, m, v, vmax []float32, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32) {
	for i, x := range p {
		a, b := moments(scalar.FMA(wd, x, scalar.Mul(g[i], gs)), m[i], v[i], c1, b2, c2)
		m[i], v[i] = a, b
		b = scalar.Max(vmax[i], b)
		vmax[i] = b
		p[i] = scalar.FMA(-step, a/scalar.FMA(scalar.Sqrt(b), rbc2, eps), scalar.Mul(x, decay))
	}
}

// NAdamParams are the scalars of one NAdam step. The caller computes in float64,
// for step t = 1, 2, … with μ_t = Beta1·(1 - ½·0.96^(t·momentumDecay)),
//
//	GradStep        = lr·(1-μ_t)/(1-Πμ up to t)
//	MomentStep      = lr·μ_t+1/(1-Πμ up to t+1)
//	BiasCorrection2 = 1-Beta2ᵗ
type NAdamParams struct {
	LR, Beta1, Beta2, Eps, WeightDecay    float32
	Decoupled                             bool
	GradStep, MomentStep, BiasCorrection2 float32
	GScale                                float32 // 1 for no change
}

// NAdam (Dozat 2016), with m and v as in Adam, is
//
//	d = √(v·(1/bc2)) + eps
//	p = fma(-momentStep, m/d, fma(-gradStep, g/d, p))
func NAdam(p, g, m, v []float32, a NAdamParams) {
	n := len(p)
	decay, wd := splitDecay(a.LR, a.WeightDecay, a.Decoupled)
	c1, b2, c2 := complement(a.Beta1), a.Beta2, complement(a.Beta2)
	active.nadam(p, g[:n], m[:n], v[:n], a.GradStep, a.MomentStep, c1, b2, c2, float32(1/float64(a.BiasCorrection2)), a.Eps, wd, decay, a.GScale)
}

func nadamGeneric(p, g, m, v []float32, gradStep, step, c1, b2, c2, rbc2, eps, wd, decay, gs float32) {
	for i, x := range p {
		d := scalar.FMA(wd, x, scalar.Mul(g[i], gs))
		a, b := moments(d, m[i], v[i], c1, b2, c2)
		m[i], v[i] = a, b
		w := scalar.Sqrt(scalar.Mul(b, rbc2)) + eps
		p[i] = scalar.FMA(-step, a/w, scalar.FMA(-gradStep, d/w, scalar.Mul(x, decay)))
	}
}
