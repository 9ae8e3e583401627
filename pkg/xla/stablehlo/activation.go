package stablehlo

import (
	"math"

	"dnn/pkg/graph/op"
)

const (
	seluScale = 1.0507009873554804934193349852946
	seluAlpha = 1.6732632423543772848170429916717
)

func (x val) positive() val { return x.compare("GT", x.number(0)) }

func sigmoid(x val) val     { return x.unary("logistic") }
func tanh(x val) val        { return x.unary("tanh") }
func expm1(x val) val       { return x.unary("exponential_minus_one") }
func relu(x val) val        { return x.max(x.number(0)) }
func hardSigmoid(x val) val { return x.times(1.0 / 6).plus(0.5).max(x.number(0)).min(x.number(1)) }

func elu(x val, alpha float64) val {
	return x.positive().pick(x, expm1(x.min(x.number(0))).times(alpha))
}

// erf is the error function: a polynomial for small arguments, one less an exponential of one for large ones (as in Cephes
// and Eigen's float32 version: x times a ratio of polynomials in x², for |x| < 4).
func erf(x val) val {
	alpha := []float64{-2.72614225801306e-10, 2.77068142495902e-08, -2.10102402082508e-06, -5.69250639462346e-05, -7.34990630326855e-04, -2.95459980854025e-03, -1.60960333262415e-02}
	beta := []float64{-1.45660718464996e-05, -2.13374055278905e-04, -1.68282697438203e-03, -7.37332916720468e-03, -1.42647390514189e-02}
	x = x.max(x.number(-4)).min(x.number(4))
	square := x.mul(x)
	return x.mul(polynomial(square, alpha)).div(polynomial(square, beta))
}

// polynomial is Horner's scheme, the highest power first.
func polynomial(x val, c []float64) val {
	y := x.number(c[0])
	for _, v := range c[1:] {
		y = y.mul(x).plus(v)
	}
	return y
}

// geluTanhInner is what the approximation of gelu takes the tanh of.
func geluTanhInner(x val) val {
	return x.add(x.mul(x).mul(x).times(0.044715)).times(math.Sqrt(2 / math.Pi))
}

// activate is an activation function.
func activate(x val, act op.Act, alpha float64) val {
	switch act {
	case op.ActRelu:
		return relu(x)
	case op.ActLeakyRelu:
		return x.positive().pick(x, x.times(alpha))
	case op.ActElu:
		return elu(x, alpha)
	case op.ActSelu:
		return elu(x, seluAlpha).times(seluScale)
	case op.ActSigmoid:
		return sigmoid(x)
	case op.ActTanh:
		return tanh(x)
	case op.ActGelu:
		return x.times(0.5).mul(erf(x.times(1 / math.Sqrt2)).plus(1))
	case op.ActGeluTanh:
		return x.times(0.5).mul(tanh(geluTanhInner(x)).plus(1))
	case op.ActSilu:
		return x.mul(sigmoid(x))
	case op.ActSoftplus:
		return relu(x).add(x.unary("abs").unary("negate").exp().unary("log_plus_one"))
	case op.ActHardSigmoid:
		return hardSigmoid(x)
	case op.ActHardSwish:
		return x.mul(hardSigmoid(x))
	case op.ActHardTanh:
		return x.max(x.number(-1)).min(x.number(1))
	}
	return x
}

// slope is dy times the derivative of an activation function, from its input or output, whichever its GradNeeds names.
func slope(dy, v val, act op.Act, alpha float64) val {
	one := v.number(1)
	switch act {
	case op.ActRelu:
		return v.positive().pick(dy, dy.number(0))
	case op.ActLeakyRelu:
		return v.positive().pick(dy, dy.times(alpha))
	case op.ActElu:
		return dy.mul(v.positive().pick(one, v.plus(alpha)))
	case op.ActSelu:
		return dy.mul(v.positive().pick(v.number(seluScale), v.plus(seluScale*seluAlpha)))
	case op.ActSigmoid:
		return dy.mul(v.mul(one.sub(v)))
	case op.ActTanh:
		return dy.mul(one.sub(v.mul(v)))
	case op.ActGelu:
		density := v.mul(v).times(-0.5).exp().times(1 / math.Sqrt(2*math.Pi))
		return dy.mul(erf(v.times(1 / math.Sqrt2)).plus(1).times(0.5).add(v.mul(density)))
	case op.ActGeluTanh:
		t := tanh(geluTanhInner(v))
		inner := v.mul(v).times(3 * 0.044715).plus(1).times(math.Sqrt(2 / math.Pi))
		return dy.mul(t.plus(1).times(0.5).add(v.times(0.5).mul(one.sub(t.mul(t))).mul(inner)))
	case op.ActSilu:
		s := sigmoid(v)
		return dy.mul(s.mul(v.mul(one.sub(s)).plus(1)))
	case op.ActSoftplus:
		return dy.mul(sigmoid(v))
	case op.ActHardSigmoid:
		inside := v.positive().and(v.compare("LT", one))
		return inside.pick(dy.times(1.0/6), dy.number(0))
	case op.ActHardSwish:
		inner := v.compare("GT", v.number(-3)).pick(v.times(1.0/3).plus(0.5), v.number(0))
		return dy.mul(v.compare("GE", v.number(3)).pick(one, inner))
	case op.ActHardTanh:
		return v.unary("abs").compare("LT", one).pick(dy, dy.number(0))
	}
	return dy
}
