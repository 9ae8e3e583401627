package op

import (
	"math"
)

// act is an activation function in float64. slope may use x and y = value(x), whichever is handier.
type act struct {
	value func(x, alpha float64) float64
	slope func(x, y, alpha float64) float64
	kinks []float64 // where the slope jumps
}

const (
	seluScale = 1.0507009873554804934193349852946
	seluAlpha = 1.6732632423543772848170429916717
)

// acts is what package kernel's activation functions are held against.
var acts = [...]act{
	ActNone: {
		value: func(x, _ float64) float64 { return x },
		slope: func(_, _, _ float64) float64 { return 1 },
	},
	ActRelu: {
		value: func(x, _ float64) float64 { return max(x, 0) },
		slope: func(x, _, _ float64) float64 { return choose(x > 0, 1, 0) },
		kinks: []float64{0},
	},
	ActLeakyRelu: {
		value: func(x, alpha float64) float64 { return choose(x > 0, x, alpha*x) },
		slope: func(x, _, alpha float64) float64 { return choose(x > 0, 1, alpha) },
		kinks: []float64{0},
	},
	ActElu: {
		value: func(x, alpha float64) float64 { return choose(x > 0, x, alpha*math.Expm1(min(x, 0))) },
		slope: func(x, y, alpha float64) float64 { return choose(x > 0, 1, y+alpha) },
		kinks: []float64{0},
	},
	ActSelu: {
		value: func(x, _ float64) float64 { return seluScale * choose(x > 0, x, seluAlpha*math.Expm1(min(x, 0))) },
		slope: func(x, y, _ float64) float64 { return choose(x > 0, seluScale, y+seluScale*seluAlpha) },
		kinks: []float64{0},
	},
	ActSigmoid: {
		value: func(x, _ float64) float64 { return sigmoid(x) },
		slope: func(_, y, _ float64) float64 { return y * (1 - y) },
	},
	ActTanh: {
		value: func(x, _ float64) float64 { return math.Tanh(x) },
		slope: func(_, y, _ float64) float64 { return 1 - y*y },
	},
	ActGelu: {
		value: func(x, _ float64) float64 { return x / 2 * (1 + math.Erf(x/math.Sqrt2)) },
		slope: func(x, _, _ float64) float64 {
			return (1+math.Erf(x/math.Sqrt2))/2 + x*math.Exp(-x*x/2)/math.Sqrt(2*math.Pi)
		},
	},
	ActGeluTanh: {
		value: func(x, _ float64) float64 { return x / 2 * (1 + math.Tanh(geluInner(x))) },
		slope: func(x, _, _ float64) float64 {
			t := math.Tanh(geluInner(x))
			inner := math.Sqrt(2/math.Pi) * (1 + 3*0.044715*x*x)
			return (1+t)/2 + x/2*(1-t*t)*inner
		},
	},
	ActSilu: {
		value: func(x, _ float64) float64 { return x * sigmoid(x) },
		slope: func(x, _, _ float64) float64 { return sigmoid(x) * (1 + x*(1-sigmoid(x))) },
	},
	ActSoftplus: {
		value: func(x, _ float64) float64 { return max(x, 0) + math.Log1p(math.Exp(-math.Abs(x))) },
		slope: func(x, _, _ float64) float64 { return sigmoid(x) },
	},
	ActHardSigmoid: {
		value: func(x, _ float64) float64 { return hardSigmoid(x) },
		slope: func(x, _, _ float64) float64 { return choose(math.Abs(x) < 3, 1.0/6, 0) },
		kinks: []float64{-3, 3},
	},
	ActHardSwish: {
		value: func(x, _ float64) float64 { return x * hardSigmoid(x) },
		slope: func(x, _, _ float64) float64 {
			return choose(x >= 3, 1, choose(x > -3, x/3+0.5, 0))
		},
		kinks: []float64{-3, 3},
	},
	ActHardTanh: {
		value: func(x, _ float64) float64 { return max(-1, min(1, x)) },
		slope: func(x, _, _ float64) float64 { return choose(math.Abs(x) < 1, 1, 0) },
		kinks: []float64{-1, 1},
	},
}

func choose(c bool, yes, no float64) float64 {
	if c {
		return yes
	}
	return no
}

func sigmoid(x float64) float64 { return 1 / (1 + math.Exp(-x)) }

func hardSigmoid(x float64) float64 { return max(0, min(1, x/6+0.5)) }

func geluInner(x float64) float64 { return math.Sqrt(2/math.Pi) * (x + 0.044715*x*x*x) }
