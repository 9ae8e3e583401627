package scalar

import "math"

const (
	minNormal  = 0x1p-126
	sqrtHalf   = 0x3f3504f3 // bits of √½
	ln2HiShort = 0.693359375
	ln2LoShort = -2.12194440e-4
)

// Log is ln x: x = 2ᵉ·m with √½ ≤ m < √2, and ln m by the polynomial of
// Cephes' logf (Moshier 1992), whose leading terms f - f²/2 are kept apart.
//
// ln 0 is -Inf, of a negative number NaN, of +Inf +Inf.
func Log(x float32) float32 {
	s, e := x, float32(0)
	if x < minNormal {
		s, e = Mul(x, 0x1p23), -23
	}
	y := logCore(s, e, 0)
	switch {
	case x == 0:
		return -Inf
	case x < 0:
		return NaN
	case !(x < Inf):
		return x
	}
	return y
}

// Log1p is ln(1+x): u = 1+x rounded, its exact rounding error d (TwoSum), and
// ln u + d/u.
func Log1p(x float32) float32 {
	u := 1 + x
	b := u - 1
	d := (1 - (u - b)) + (x - b)
	y := logCore(u, 0, d/u)
	switch {
	case x == -1:
		return -Inf
	case x < -1:
		return NaN
	case !(x < Inf):
		return x
	case x == 0:
		return x
	}
	return y
}

// logCore is ln(s) + e·ln2 + c for a positive normal s and a small correction c.
func logCore(s, e, c float32) float32 {
	i := math.Float32bits(s)
	k := int32(i-sqrtHalf) >> 23
	m := math.Float32frombits(i - uint32(k)<<23)
	e += float32(k)
	f := m - 1
	z := Mul(f, f)
	p := FMA(f, 7.0376836292e-2, -1.1514610310e-1)
	p = FMA(p, f, 1.1676998740e-1)
	p = FMA(p, f, -1.2420140846e-1)
	p = FMA(p, f, 1.4249322787e-1)
	p = FMA(p, f, -1.6668057665e-1)
	p = FMA(p, f, 2.0000714765e-1)
	p = FMA(p, f, -2.4999993993e-1)
	p = FMA(p, f, 3.3333331174e-1)
	y := FMA(Mul(p, f), z, c)
	y = FMA(e, ln2LoShort, y)
	y = FMA(z, -0.5, y)
	return FMA(e, ln2HiShort, f+y)
}
