package kernel

var actGradFuncs = [numActs]func(dy, v, alpha float32) float32{
	ActRelu:        reluGrad32,
	ActLeakyRelu:   leakyReluGrad32,
	ActElu:         eluGrad32,
	ActSelu:        seluGrad32,
	ActSigmoid:     sigmoidGrad32,
	ActTanh:        tanhGrad32,
	ActGelu:        geluGrad32,
	ActGeluTanh:    geluTanhGrad32,
	ActSilu:        siluGrad32,
	ActSoftplus:    func(dy, x, _ float32) float32 { return mul(dy, sigmoid32(x)) },
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

func reluGrad32(dy, y, _ float32) float32 {
	if y > 0 {
		return dy
	}
	return 0
}

func leakyReluGrad32(dy, y, alpha float32) float32 {
	if y > 0 {
		return dy
	}
	return mul(alpha, dy)
}

// eluGrad32 uses α·eˣ = y + α.
func eluGrad32(dy, y, alpha float32) float32 {
	if y > 0 {
		return dy
	}
	return mul(dy, y+alpha)
}

func seluGrad32(dy, y, _ float32) float32 {
	f := float32(seluScale)
	if !(y > 0) {
		f = y + seluScale*seluAlpha
	}
	return mul(dy, f)
}

func sigmoidGrad32(dy, y, _ float32) float32 { return mul(mul(dy, 1-y), y) }

func tanhGrad32(dy, y, _ float32) float32 { return mul(dy, fma(-y, y, 1)) }

// geluGrad32 is dy·(Φ(x) + x·φ(x)).
func geluGrad32(dy, x, _ float32) float32 {
	cdf := fma(erf32(mul(x, sqrtHalfF)), 0.5, 0.5)
	x = clip(x, -16, 16) // further out x·φ(x) is 0, but x² may overflow
	pdf := mul(exp32(mul(mul(x, x), -0.5)), invSqrt2Pi)
	return mul(dy, fma(x, pdf, cdf))
}

// geluTanhGrad32 is dy·((1+t)/2 + x/2·(1-t²)·u') with t = tanh u and
// u' = √(2/π)·(1 + 3·0.044715·x²).
func geluTanhGrad32(dy, x, _ float32) float32 {
	x = clip(x, -16, 16)
	t := tanh32(geluInner(x))
	du := fma(mul(x, x), 3*geluCube, sqrt2OverPi)
	d := mul(fma(-t, t, 1), du)
	return mul(dy, fma(mul(x, 0.5), d, fma(t, 0.5, 0.5)))
}

// siluGrad32 is dy·s·(1 + x·(1-s)) with s = sigmoid(x).
func siluGrad32(dy, x, _ float32) float32 {
	s := sigmoid32(x)
	x = clip(x, -128, 128) // further out x·(1-s) or s is 0
	return mul(dy, mul(s, fma(x, 1-s, 1)))
}

func hardSigmoidGrad32(dy, y, _ float32) float32 {
	if y > 0 && y < 1 {
		return mul(dy, 1.0/6)
	}
	return 0
}

func hardSwishGrad32(dy, x, _ float32) float32 {
	switch {
	case x >= 3:
		return dy
	case x > -3:
		return mul(dy, fma(x, 1.0/3, 0.5))
	}
	return 0
}

func hardTanhGrad32(dy, y, _ float32) float32 {
	if y > -1 && y < 1 {
		return dy
	}
	return 0
}
