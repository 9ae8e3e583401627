package vec

import "dnn/internal/kernel/scalar"

const (
	seluScale = 1.0507009873554804934193349852946
	seluAlpha = 1.6732632423543772848170429916717
)

const (
	sqrtHalfF   = 0.70710678118654752440
	sqrt2OverPi = 0.79788456080286535588
	geluCube    = 0.044715 * sqrt2OverPi
	invSqrt2Pi  = 0.39894228040143267794
)

func leakyRelu32(x, alpha float32) float32 {
	if x > 0 {
		return x
	}
	return scalar.Mul(alpha, x)
}

// elu32 subtracts 1 from eˣ, or near 0, where that would cancel, sums the series
// of expm1.
func elu32(x, alpha float32) float32 {
	if x > 0 {
		return x
	}
	return scalar.Mul(alpha, scalar.Expm1(x))
}

// gelu32 is h·erf(x/√2) + h with h = x/2.
func gelu32(x float32) float32 {
	h := scalar.Mul(x, 0.5)
	return scalar.FMA(h, scalar.Erf(scalar.Mul(x, sqrtHalfF)), h)
}

// geluTanh32 is h·tanh(u) + h with h = x/2.
func geluTanh32(x float32) float32 {
	h := scalar.Mul(x, 0.5)
	return scalar.FMA(h, scalar.Tanh(geluInner(x)), h)
}

// geluInner is √(2/π)·(x + 0.044715·x³).
func geluInner(x float32) float32 {
	return scalar.Mul(x, scalar.FMA(scalar.Mul(x, x), geluCube, sqrt2OverPi))
}

// softplus32 is max(x,0) + ln(1+e^-|x|).
func softplus32(x float32) float32 {
	return scalar.Log1p(scalar.Exp(-scalar.Abs(x))) + scalar.Relu(x)
}

func hardSigmoid32(x float32) float32 { return scalar.Clip(scalar.FMA(x, 1.0/6, 0.5), 0, 1) }
