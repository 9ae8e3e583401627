package kernel

// Act names an activation function that a matrix product can end with.
type Act uint8

// The activation functions, with the derivative taken at a kink.
const (
	ActNone        Act = iota // x
	ActRelu                   // max(0, x); f'(0) = 0
	ActLeakyRelu              // x, alpha·x below 0, alpha ≥ 0; f'(0) = alpha
	ActElu                    // x, alpha·(eˣ-1) below 0, alpha ≥ 0; f'(0) = alpha
	ActSelu                   // seluScale·elu with alpha = seluAlpha (Klambauer et al. 2017)
	ActSigmoid                // 1/(1+e⁻ˣ)
	ActTanh                   // tanh x
	ActGelu                   // x·(1+erf(x/√2))/2 (Hendrycks & Gimpel 2016)
	ActGeluTanh               // x·(1+tanh(√(2/π)·(x+0.044715·x³)))/2
	ActSilu                   // x·sigmoid(x)
	ActSoftplus               // ln(1+eˣ)
	ActHardSigmoid            // max(0, min(1, x/6+½)); f'(±3) = 0
	ActHardSwish              // x·hardsigmoid(x); f'(-3) = 0, f'(3) = 1
	ActHardTanh               // x limited to [-1,1]; f'(±1) = 0
	numActs
)

const (
	seluScale = 1.0507009873554804934193349852946
	seluAlpha = 1.6732632423543772848170429916717
)

var actNames = [numActs]string{
	"none", "relu", "leaky_relu", "elu", "selu", "sigmoid", "tanh", "gelu", "gelu_tanh",
	"silu", "softplus", "hard_sigmoid", "hard_swish", "hard_tanh",
}

// String is the name of a in specs: "relu", "leaky_relu", and so on.
func (a Act) String() string { return actNames[a] }

// GradNeeds says what ActivateGrad reads besides dy: the input x, the output y,
// or (ActNone) neither.
func (a Act) GradNeeds() (x, y bool) {
	switch a {
	case ActNone:
		return false, false
	case ActGelu, ActGeluTanh, ActSilu, ActSoftplus, ActHardSwish:
		return true, false
	}
	return false, true
}

// Activate is dst = act(x), element by element; alpha is the parameter of
// ActLeakyRelu and ActElu, unused by the others.
//
// All but the last of these are within 2 ulp; measured: tanh 1.3, elu 1.3, softplus
// 1.5, sigmoid 1.5. Silu and both gelu are
// products of x with such a factor; far below 0 the factor of gelu is a difference
// of nearly equal numbers, so there it is the absolute error that is small, below
// 2⁻²³·|x|.
func Activate(dst, x []float32, act Act, alpha float32) {
	active.act[act](dst[:len(x)], x, alpha)
}

// ActivateGrad is dst = dy·act'(x). Of x and y only what GradNeeds names is read;
// the other may be nil. All slices have the length of dy.
func ActivateGrad(dst, dy, x, y []float32, act Act, alpha float32) {
	v := dy
	if needX, needY := act.GradNeeds(); needX {
		v = x[:len(dy)]
	} else if needY {
		v = y[:len(dy)]
	}
	active.actGrad[act](dst[:len(dy)], dy, v, alpha)
}

// actFuncs and actGradFuncs are what the portable loops apply; ActNone copies. In
// the gradients v is x or y, as GradNeeds says.
var actFuncs = [numActs]func(x, alpha float32) float32{
	ActRelu:        func(x, _ float32) float32 { return relu32(x) },
	ActLeakyRelu:   leakyRelu32,
	ActElu:         elu32,
	ActSelu:        func(x, _ float32) float32 { return mul(elu32(x, seluAlpha), seluScale) },
	ActSigmoid:     func(x, _ float32) float32 { return sigmoid32(x) },
	ActTanh:        func(x, _ float32) float32 { return tanh32(x) },
	ActGelu:        func(x, _ float32) float32 { return gelu32(x) },
	ActGeluTanh:    func(x, _ float32) float32 { return geluTanh32(x) },
	ActSilu:        func(x, _ float32) float32 { return mul(x, sigmoid32(x)) },
	ActSoftplus:    func(x, _ float32) float32 { return softplus32(x) },
	ActHardSigmoid: func(x, _ float32) float32 { return hardSigmoid32(x) },
	ActHardSwish:   func(x, _ float32) float32 { return mul(x, hardSigmoid32(x)) },
	ActHardTanh:    func(x, _ float32) float32 { return clip(x, -1, 1) },
}

func actGeneric(act Act) func(dst, x []float32, alpha float32) {
	if act == ActNone {
		return func(dst, x []float32, _ float32) { copy(dst, x) }
	}
	f := actFuncs[act]
	return func(dst, x []float32, alpha float32) {
		for i, v := range x {
			dst[i] = f(v, alpha)
		}
	}
}

func relu32(x float32) float32 {
	if 0 > x {
		return 0
	}
	return x
}

func leakyRelu32(x, alpha float32) float32 {
	if x > 0 {
		return x
	}
	return mul(alpha, x)
}

// elu32 subtracts 1 from eˣ, or near 0, where that would cancel, sums the series
// of expm1.
func elu32(x, alpha float32) float32 {
	if x > 0 {
		return x
	}
	return mul(alpha, expm132(x))
}

// expm132 is eˣ-1 for x ≤ 0, within 2 ulp: a polynomial down to -0.35, the
// difference below.
func expm132(x float32) float32 {
	p := fma(x, 1.0/5040, 1.0/720)
	p = fma(p, x, 1.0/120)
	p = fma(p, x, 1.0/24)
	p = fma(p, x, 1.0/6)
	p = fma(p, x, 0.5)
	near := fma(mul(x, x), p, x)
	far := exp32(x) - 1
	if x > -0.35 {
		return near
	}
	return far
}

// sigmoid32 is 1/(1+e⁻ˣ), from z = e^-|x|, which cannot overflow, as y = n/d with
// d = 1+z, corrected by what rounding d and the quotient has lost: r is n - y·(1+z),
// and a line through 1/d at both ends of [1,2] is precise enough to divide it by d.
func sigmoid32(x float32) float32 {
	z := exp32(-abs(x))
	n := z
	if x >= 0 {
		n = 1
	}
	d := 1 + z
	y := n / d
	r := fma(-y, d, n)
	r = fma(-y, z-(d-1), r)
	return fma(r, fma(d, -0.5, 1.457), y)
}

// tanh32 is an odd polynomial below 0.625 (Cephes' tanhf, Moshier 1992), and
// 1 - 2/(e^2|x|+1) above.
func tanh32(x float32) float32 {
	t := abs(x)
	s := mul(x, x)
	p := fma(s, -5.70498872745e-3, 2.06390887954e-2)
	p = fma(p, s, -5.37397155531e-2)
	p = fma(p, s, 1.33314422036e-1)
	p = fma(p, s, -3.33332819422e-1)
	near := fma(mul(p, s), x, x)
	far := copysign(1-2/(exp32(t+t)+1), x)
	if t >= 0.625 {
		return far
	}
	return near
}

// gelu32 is h·erf(x/√2) + h with h = x/2.
func gelu32(x float32) float32 {
	h := mul(x, 0.5)
	return fma(h, erf32(mul(x, sqrtHalfF)), h)
}

// geluTanh32 is h·tanh(u) + h with h = x/2.
func geluTanh32(x float32) float32 {
	h := mul(x, 0.5)
	return fma(h, tanh32(geluInner(x)), h)
}

// geluInner is √(2/π)·(x + 0.044715·x³).
func geluInner(x float32) float32 {
	return mul(x, fma(mul(x, x), geluCube, sqrt2OverPi))
}

const (
	sqrtHalfF   = 0.70710678118654752440
	sqrt2OverPi = 0.79788456080286535588
	geluCube    = 0.044715 * sqrt2OverPi
	invSqrt2Pi  = 0.39894228040143267794
)

// softplus32 is max(x,0) + ln(1+e^-|x|).
func softplus32(x float32) float32 {
	return log1p32(exp32(-abs(x))) + relu32(x)
}

func hardSigmoid32(x float32) float32 { return clip(fma(x, 1.0/6, 0.5), 0, 1) }
