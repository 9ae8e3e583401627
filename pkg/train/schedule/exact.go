package schedule

import "math"

// Rates must be the same to the last bit on every processor, but math.Cos and math.Exp are not, and a·b+c is rounded once
// on some processors and twice on others unless the product is converted first. So what schedules need is here, in plain
// steps; a conversion behind a product is there for that reason.

// mix is a where t is 0 and b where t is 1, and a straight line between.
func mix(a, b, t float64) float64 { return a + float64((b-a)*t) }

// cosine goes from a to b along half a wave; t runs from 0 to 1.
func cosine(a, b, t float64) float64 { return mix(b, a, (1+cosPi(t))/2) }

// cosPi is cos πt for 0 ≤ t ≤ 1.
func cosPi(t float64) float64 {
	switch {
	case t > 0.5:
		return -cosPi(1 - t)
	case t > 0.25: // the sine of the angle that is left to a right one
		x := math.Pi * (0.5 - t)
		return float64(x * series(x, 1))
	}
	return series(math.Pi*t, 0)
}

// series is the sum over i of (-x²)ⁱ/((1+k)·…·(2i+k)): cos x for k = 0, sin x / x for k = 1. It is exact for |x| ≤ π/4.
func series(x float64, k int) float64 {
	square, sum := x*x, 1.0
	for i := 20; i > 0; i -= 2 {
		sum = 1 - float64(sum*square)/float64((i-1+k)*(i+k))
	}
	return sum
}

// pow is xʸ for 0 ≤ x ≤ 1 and y > 0, to 13 places.
func pow(x, y float64) float64 {
	if x == 0 || x == 1 || y == math.Trunc(y) {
		return math.Pow(x, y) // multiplies only
	}
	return exp(float64(y * ln(x)))
}

// ln is the natural logarithm of x > 0: of x = m·2ᵉ with m around 1, from ln m = 2·artanh((m-1)/(m+1)).
func ln(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = 2*m, e-1
	}
	s := (m - 1) / (m + 1)
	square, sum := s*s, 0.0
	for i := 25; i > 0; i -= 2 {
		sum = 1/float64(i) + float64(sum*square)
	}
	return float64(float64(e)*math.Ln2) + float64(2*s*sum)
}

// exp is eˣ, as a power of two times the series for the rest.
func exp(x float64) float64 {
	k := math.Round(x / math.Ln2)
	r := x - float64(k*math.Ln2)
	sum := 1.0
	for i := 18; i > 0; i-- {
		sum = 1 + float64(sum*r)/float64(i)
	}
	return math.Ldexp(sum, int(k))
}
