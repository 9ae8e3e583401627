package main

import "math"

// The functions below repeat those of the same names in package scalar, operation
// by operation.

const roundC = 0x1.8p+23

func (a *asm) exp(x op) vec {
	p, n, t := a.expParts(a.clip(x, a.num(-104), a.num(89)))
	if a.wide { // one rounding, as in the two products below, of which the first is exact
		return a.binary(a.VSCALEFPS, p, n)
	}
	i := a.subInt(t, a.num(roundC))
	half := a.sar(i, 1)
	return a.mul(a.mul(p, a.pow2(half)), a.pow2(a.subInt(i, half)))
}

// weight is exp, but 0 below -87: no result is denormal, and so it takes one product.
func (a *asm) weight(x vec) vec {
	keep := a.compare(notLess, x, a.num(-87))
	p, n, t := a.expParts(x)
	if a.wide {
		v := a.vec()
		a.VSCALEFPS_Z(n, p, keep.k, v)
		return v
	}
	return a.only(keep, a.mul(p, a.shl(a.subInt(t, a.bits(math.Float32bits(roundC)-127)), 23)))
}

// expParts returns p and n with exp x = p·2ⁿ, and n with roundC added.
func (a *asm) expParts(x vec) (p, n, t vec) {
	t = a.fma(x, a.num(0x1.715476p+0), a.num(roundC))
	n = a.sub(t, a.num(roundC))
	r := a.fma(n, a.num(-0x1.62e400p-1), x)
	r = a.fma(n, a.num(-0x1.7f7d1cp-20), r)
	return a.poly(r, 0x1.694000p-10, 0x1.125edcp-7, 0x1.555b5ap-5, 0x1.555450p-3, 0x1.fffff6p-2, 1, 1), n, t
}

func (a *asm) pow2(n vec) vec { return a.shl(a.addInt(n, a.bits(127)), 23) }

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
	t := a.clip(a.abs(x), a.num(0), a.num(4))
	s := a.mul(t, t)
	r := a.poly(t, -1.72853470e-5, 3.83197126e-4)
	u := a.poly(t, -3.88396438e-3, 2.42546219e-2)
	r = a.fma(r, s, u)
	for _, c := range []float64{-1.06777877e-1, -6.34846687e-1, -1.28717512e-1} {
		r = a.fma(r, t, a.num(c))
	}
	r = a.fma(r, t, a.neg(t))
	far := a.copysign(a.sub(a.num(1), a.exp(r)), x)
	p := a.poly(s, -5.96761703e-4, 4.99119423e-3, -2.67681349e-2, 1.12819925e-1, -3.76125336e-1, 1.28379166e-1)
	near := a.fma(p, x, x)
	return a.choose(a.compare(isGreater, t, a.num(0.927734375)), far, near)
}

func (a *asm) tanh(x vec) vec {
	t := a.abs(x)
	s := a.mul(x, x)
	p := a.poly(s, -5.70498872745e-3, 2.06390887954e-2, -5.37397155531e-2, 1.33314422036e-1, -3.33332819422e-1)
	near := a.fma(a.mul(p, s), x, x)
	q := a.div(a.num(2), a.add(a.exp(a.add(t, t)), a.num(1)))
	far := a.copysign(a.sub(a.num(1), q), x)
	return a.choose(a.compare(isGreaterEqual, t, a.num(0.625)), far, near)
}

func (a *asm) sigmoid(x vec) vec {
	z := a.exp(a.neg(a.abs(x)))
	d := a.add(z, a.num(1))
	n := a.choose(a.compare(isGreaterEqual, x, a.num(0)), a.num(1), z)
	y := a.div(n, d)
	r := a.fnma(y, d, n)
	r = a.fnma(y, a.sub(z, a.sub(d, a.num(1))), r)
	return a.fma(r, a.fma(d, a.num(-0.5), a.num(1.457)), y)
}

func (a *asm) expm1(x vec) vec {
	p := a.poly(x, 1.0/5040, 1.0/720, 1.0/120, 1.0/24, 1.0/6, 0.5)
	near := a.fma(a.mul(x, x), p, x)
	far := a.sub(a.exp(x), a.num(1))
	return a.choose(a.compare(isGreater, x, a.num(-0.35)), near, far)
}

func (a *asm) sign(x vec) vec {
	y := a.choose(a.compare(isGreater, x, a.num(0)), a.num(1), x)
	return a.choose(a.compare(isLess, x, a.num(0)), a.num(-1), y)
}

func (a *asm) relu(x vec) vec { return a.larger(a.num(0), x) }
