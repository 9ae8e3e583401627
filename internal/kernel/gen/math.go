package main

import "math"

// The functions below repeat those of the same names in package scalar, operation
// by operation.

const roundC = 0x1.8p+23

// exp takes 2ⁿ apart into two normal factors. The first product is exact.
func (a *asm) exp(x op) vec {
	p, n, t := a.expParts(a.clip(x, a.num(-104), a.num(89)), power{bias: 254})
	if a.wide { // one rounding, too
		return a.binary(a.VSCALEFPS, p, n)
	}
	half := a.and(a.shl(t, 22), a.bits(0xff<<23))
	return a.mul(a.mul(p, a.subInt(a.shl(t, 23), half)), half)
}

// expDown is exp for x ≤ 0 or NaN, and what it gives for larger x is of no account.
// 2ⁿ⁺⁶³ is normal down to the limit, where it is 0, and nothing has to be rounded.
func (a *asm) expDown(x op) vec {
	return a.scaled2(a.larger(a.num(-131.7), x), power{bias: 190, shift: -63})
}

// scaled2 is an exponential for which one product is enough.
func (a *asm) scaled2(x vec, e power) vec {
	p, n, t := a.expParts(x, e)
	if a.wide {
		return a.binary(a.VSCALEFPS, p, n)
	}
	return a.mul(p, a.shl(t, 23))
}

// scaled2Plus1 is 1 more, in one rounding, because the product is exact.
func (a *asm) scaled2Plus1(x vec, e power) vec {
	if a.wide {
		return a.add(a.scaled2(x, e), a.num(1))
	}
	p, _, t := a.expParts(x, e)
	return a.fma(p, a.shl(t, 23), a.num(1))
}

// weight is exp, but 0 below -87: no result is denormal.
func (a *asm) weight(x vec) vec {
	keep := a.compare(notLess, x, a.num(-87))
	if a.wide {
		p, n, _ := a.expParts(x, power{})
		v := a.vec()
		a.VSCALEFPS_Z(n, p, keep.k, v)
		return v
	}
	return a.only(keep, a.scaled2(x, power{bias: 128, shift: -1}))
}

// power says what expParts gives: eˣ, or e²ˣ if it is double, as p·2ⁿ with p times
// 2^shift, which costs nothing and changes no other bit, and n + bias, an even number,
// in the low bits of t. bias = 127 - shift leaves 2ⁿ/2^shift in them, shifted by 23.
type power struct {
	double      bool
	bias, shift int
}

func (a *asm) expParts(x vec, e power) (p, n, t vec) {
	m := 1.0
	if e.double {
		m = 2
	}
	if a.wide {
		e.bias, e.shift = 0, 0
	}
	round := a.num(float64(roundC + e.bias))
	t = a.fma(x, a.num(m*0x1.715476p+0), round)
	n = a.sub(t, round)
	r := a.fma(n, a.num(-0x1.62e400p-1/m), x)
	r = a.fma(n, a.num(-0x1.7f7d1cp-20/m), r)
	c := []float64{0x1.694000p-10, 0x1.125edcp-7, 0x1.555b5ap-5, 0x1.555450p-3, 0x1.fffff6p-2, 1, 1}
	scale := math.Ldexp(1, e.shift)
	for i := len(c) - 1; i >= 0; i-- {
		c[i] *= scale
		scale *= m
	}
	return a.poly(r, c...), n, t
}

func (a *asm) log(x vec) vec {
	small := a.compare(isLess, x, a.num(0x1p-126))
	s := a.choose(small, a.mul(x, a.num(0x1p23)), x)
	y := a.logCore(s, a.only(small, a.num(-23)), a.num(0))
	y = a.choose(a.compare(isEqual, x, a.num(0)), a.num(math.Inf(-1)), y)
	y = a.choose(a.compare(isLess, x, a.num(0)), a.num(math.NaN()), y)
	return a.choose(a.compare(notLess, x, a.num(math.Inf(1))), x, y)
}

func (a *asm) log1p(x vec) vec {
	u := a.add(x, a.num(1))
	b := a.sub(u, a.num(1))
	d := a.add(a.sub(a.num(1), a.sub(u, b)), a.sub(x, b))
	y := a.logCore(u, a.num(0), a.div(d, u))
	y = a.choose(a.compare(isEqual, x, a.num(-1)), a.num(math.Inf(-1)), y)
	y = a.choose(a.compare(isLess, x, a.num(-1)), a.num(math.NaN()), y)
	y = a.choose(a.compare(notLess, x, a.num(math.Inf(1))), x, y)
	return a.choose(a.compare(isEqual, x, a.num(0)), x, y)
}

func (a *asm) logCore(s vec, e, c op) vec {
	k := a.sar(a.subInt(s, a.bits(0x3f3504f3)), 23)
	m := a.subInt(s, a.shl(k, 23))
	k = a.float(k)
	e = a.add(k, e)
	f := a.sub(m, a.num(1))
	z := a.mul(f, f)
	p := a.poly(f, 7.0376836292e-2, -1.1514610310e-1, 1.1676998740e-1, -1.2420140846e-1,
		1.4249322787e-1, -1.6668057665e-1, 2.0000714765e-1, -2.4999993993e-1, 3.3333331174e-1)
	y := a.fma(a.mul(p, f), z, c)
	y = a.fma(e, a.num(-2.12194440e-4), y)
	y = a.fma(z, a.num(-0.5), y)
	return a.fma(e, a.num(0.693359375), a.add(f, y))
}

func (a *asm) erf(x vec) vec {
	t := a.smaller(a.num(4), a.abs(x))
	s := a.mul(t, t)
	r := a.poly(t, -1.72853470e-5, 3.83197126e-4)
	u := a.poly(t, -3.88396438e-3, 2.42546219e-2)
	r = a.fma(r, s, u)
	for _, c := range []float64{-1.06777877e-1, -6.34846687e-1, -1.28717512e-1} {
		r = a.fma(r, t, a.num(c))
	}
	r = a.fms(r, t, t) // from -18 to 0
	far := a.withSign(a.sub(a.num(1), a.scaled2(r, power{bias: 126, shift: 1})), x)
	p := a.poly(s, -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1)
	near := a.fma(p, x, x)
	return a.choose(a.below(t, 0.927734375+0x1p-24), near, far)
}

func (a *asm) tanh(x vec) vec {
	t := a.abs(x)
	d := a.scaled2Plus1(a.smaller(a.num(44), t), power{double: true, bias: 126, shift: 1}) // at 44 the result is long 1
	q := a.div(a.num(2), d)
	s := a.mul(x, x)
	p := a.poly(s, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	near := a.fma(a.mul(p, s), x, x)
	far := a.withSign(a.sub(a.num(1), q), x)
	return a.choose(a.below(t, 0.625), near, far)
}

func (a *asm) sigmoid(x vec) vec {
	z := a.expDown(a.negAbs(x))
	d := a.add(z, a.num(1))
	n := a.oneUnlessNegative(x, z)
	y := a.div(n, d)
	r := a.fnma(y, d, n)
	r = a.fnma(y, a.sub(z, a.sub(d, a.num(1))), r)
	return a.fma(r, a.fma(d, a.num(-0.5), a.num(1.457)), y)
}

// oneUnlessNegative is 1 for x ≥ 0, else z, which is not above 1, and is 1 for zeros.
func (a *asm) oneUnlessNegative(x, z vec) vec {
	if a.many() {
		return a.choose(a.compare(isGreaterEqual, x, a.num(0)), a.num(1), z)
	}
	one := a.copy(a.num(1))
	a.VPSIGND(x, one, one) // 1, 0 or, as an integer, negative, as is x
	return a.binary(a.VPMAXSD, z, one)
}

func (a *asm) expm1(x vec) vec {
	p := a.poly(x, 1.0/5040, 1.0/720, 1.0/120, 1.0/24, 1.0/6, 0.5)
	near := a.fma(a.mul(x, x), p, x)
	far := a.sub(a.expDown(x), a.num(1))
	return a.choose(a.compare(isGreater, x, a.num(-0.35)), near, far)
}

func (a *asm) sign(x vec) vec {
	y := a.choose(a.compare(isGreater, x, a.num(0)), a.num(1), x)
	return a.choose(a.compare(isLess, x, a.num(0)), a.num(-1), y)
}

func (a *asm) relu(x vec) vec { return a.larger(a.num(0), x) }
