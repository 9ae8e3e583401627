// Package exact holds functions of a number that give the same bits on every machine: every product that is added to is
// fused into its sum, or rounded before. Those of package math are assembly on some processors and differ in the last bit.
// The error is below two units in the last place.
package exact

import "math"

const (
	ln2High = 6.93147180369123816490e-01
	ln2Low  = 1.90821492927057770002e-10
)

// Log is ln x for positive x: x = 2^k·(1+f) with 1+f in [√½, √2), s = f/(2+f), and ln(1+f) = 2·artanh(s).
func Log(x float64) float64 {
	if !(x > 0) || math.IsInf(x, 0) {
		return math.Log(x) // exact in every implementation: NaN or an infinity
	}
	m, k := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m *= 2
		k--
	}
	f := m - 1
	s := f / (2 + f)
	z := s * s
	r := 0.0
	for n := 25; n >= 3; n -= 2 { // artanh(s) = s + s³/3 + s⁵/5 + …, |s| < 0.172
		r = math.FMA(r, z, 1/float64(n))
	}
	rest := math.FMA(2*s*z, r, 2*s)
	return math.FMA(float64(k), ln2High, math.FMA(float64(k), ln2Low, rest))
}

// Log1p is ln(1+x) (Kahan): the rounding of 1+x is made good by x/((1+x)−1).
func Log1p(x float64) float64 {
	u := 1 + x
	if u == 1 || !(u > 0) || math.IsInf(u, 0) {
		return math.Log1p(x)
	}
	return Log(u) * (x / (u - 1))
}

// Exp is eˣ: x = k·ln 2 + r with |r| ≤ ½·ln 2, and eʳ by its series.
func Exp(x float64) float64 {
	switch {
	case x != x || x > 709.8:
		return math.Inf(1) + x
	case x < -745.2:
		return 0
	}
	k := math.RoundToEven(x / math.Ln2)
	r := math.FMA(-k, ln2Low, math.FMA(-k, ln2High, x))
	sum := 0.0
	for n := 14; n >= 0; n-- { // Horner: 1 + r·(1 + r/2·(1 + r/3·(…)))
		sum = math.FMA(sum, r/float64(n+1), 1)
	}
	return math.Ldexp(sum, int(k))
}
