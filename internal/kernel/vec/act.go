package vec

import "dnn/internal/kernel/scalar"

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
	ActRelu:        func(x, _ float32) float32 { return scalar.Relu(x) },
	ActLeakyRelu:   leakyRelu32,
	ActElu:         elu32,
	ActSelu:        func(x, _ float32) float32 { return scalar.Mul(elu32(x, seluAlpha), seluScale) },
	ActSigmoid:     func(x, _ float32) float32 { return scalar.Sigmoid(x) },
	ActTanh:        func(x, _ float32) float32 { return scalar.Tanh(x) },
	ActGelu:        func(x, _ float32) float32 { return gelu32(x) },
	ActGeluTanh:    func(x, _ float32) float32 { return geluTanh32(x) },
	ActSilu:        func(x, _ float32) float32 { return scalar.Mul(x, scalar.Sigmoid(x)) },
	ActSoftplus:    func(x, _ float32) float32 { return softplus32(x) },
	ActHardSigmoid: func(x, _ float32) float32 { return hardSigmoid32(x) },
	ActHardSwish:   func(x, _ float32) float32 { return scalar.Mul(x, hardSigmoid32(x)) },
	ActHardTanh:    func(x, _ float32) float32 { return scalar.Clip(x, -1, 1) },
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

func actTable() (t [numActs]func(dst, x []float32, alpha float32)) {
	for a := range numActs {
		t[a] = actGeneric(a)
	}
	return t
}
