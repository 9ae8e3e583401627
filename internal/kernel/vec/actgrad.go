package vec

import "dnn/internal/kernel/scalar"

var actGradFuncs = [numActs]func(dy, v, alpha float32) float32{
	ActRelu:        scalar.ReluGrad,
	ActLeakyRelu:   leakyReluGrad32,
	ActElu:         eluGrad32,
	ActSelu:        seluGrad32,
	ActSigmoid:     scalar.SigmoidGrad,
	ActTanh:        scalar.TanhGrad,
	ActGelu:        geluGrad32,
	ActGeluTanh:    geluTanhGrad32,
	ActSilu:        siluGrad32,
	ActSoftplus:    func(dy, x, _ float32) float32 { return scalar.Mul(dy, scalar.Sigmoid(x)) },
	ActHardSigmoid: hardSigmoidGrad32,
	ActHardSwish:   hardSwishGrad32,
	ActHardTanh:    hardTanhGrad32,
}

func actGradGeneric(act Act) func(dst, dy, v []float32, alpha float32) {
	if act == ActNone {
		return func(dst, dy, _ []float32, _ float32) { copy(dst, dy) }
	}
	f := actGradFuncs[act]
	return func(dst, dy, v []float32, alpha float32) {
		for i, d := range dy {
			dst[i] = f(d, v[i], alpha)
		}
	}
}

func leakyReluGrad32(dy, y, alpha float32) float32 {
	if y > 0 {
		return dy
	}
	return scalar.Mul(alpha, dy)
}

// eluGrad32 uses α·eˣ = y + α.
func eluGrad32(dy, y, alpha float32) float32 {
	if y > 0 {
		return dy
	}
	return scalar.Mul(dy, y+alpha)
}

func seluGrad32(dy, y, _ float32) float32 {
	f := float32(seluScale)
	if !(y > 0) {
		f = y + seluScale*seluAlpha
	}
	return scalar.Mul(dy, f)
}

// geluGrad32 is dy·(Φ(x) + x·φ(x)).
func geluGrad32(dy, x, _ float32) float32 {
	cdf := scalar.FMA(scalar.Erf(scalar.Mul(x, sqrtHalfF)), 0.5, 0.5)
	x = scalar.Clip(x, -16, 16) // further out x·φ(x) is 0, but x² may overflow
	pdf := scalar.Mul(scalar.Exp(scalar.Mul(scalar.Mul(x, x), -0.5)), invSqrt2Pi)
	return scalar.Mul(dy, scalar.FMA(x, pdf, cdf))
}

// geluTanhGrad32 is dy·((1+t)/2 + x/2·(1-t²)·u') with t = tanh u and
// u' = √(2/π)·(1 + 3·0.044715·x²).
func geluTanhGrad32(dy, x, _ float32) float32 {
	x = scalar.Clip(x, -16, 16)
	t := scalar.Tanh(geluInner(x))
	du := scalar.FMA(scalar.Mul(x, x), 3*geluCube, sqrt2OverPi)
	d := scalar.Mul(scalar.FMA(-t, t, 1), du)
	return scalar.Mul(dy, scalar.FMA(scalar.Mul(x, 0.5), d, scalar.FMA(t, 0.5, 0.5)))
}

// siluGrad32 is dy·s·(1 + x·(1-s)) with s = sigmoid(x).
func siluGrad32(dy, x, _ float32) float32 {
	s := scalar.Sigmoid(x)
	x = scalar.Clip(x, -128, 128) // further out x·(1-s) or s is 0
	return scalar.Mul(dy, scalar.Mul(s, scalar.FMA(x, 1-s, 1)))
}

func hardSigmoidGrad32(dy, y, _ float32) float32 {
	if y > 0 && y < 1 {
		return scalar.Mul(dy, 1.0/6)
	}
	return 0
}

func hardSwishGrad32(dy, x, _ float32) float32 {
	switch {
	case x >= 3:
		return dy
	case x > -3:
		return scalar.Mul(dy, scalar.FMA(x, 1.0/3, 0.5))
	}
	return 0
}

func hardTanhGrad32(dy, y, _ float32) float32 {
	if y > -1 && y < 1 {
		return dy
	}
	return 0
}

func actGradTable() (t [numActs]func(dst, dy, v []float32, alpha float32)) {
	for a := range numActs {
		t[a] = actGradGeneric(a)
	}
	return t
}
