package scalar

import (
	"math"
	"math/bits"
)

// trigLimit is the largest |x| whose reduction by the three-part π/2 below is
// good to the last bit; beyond it reduceLarge takes over.
const trigLimit = 48000

// Sin is sin x and Cos cos x, x in radians: x = j·π/2 + r with |r| ≤ π/4,
// then the polynomial for the sine or the cosine of r according to j mod 4.
// ±Inf gives NaN.
func Sin(x float32) float32 {
	r, j := trigReduce(x)
	return SinQuadrant(r, j)
}

func Cos(x float32) float32 {
	r, j := trigReduce(x)
	return SinQuadrant(r, j+1)
}

// trigReduce returns r and j (of which only the low two bits count).
func trigReduce(x float32) (r float32, j int32) {
	if !(Abs(x) <= trigLimit) {
		return reduceLarge(x)
	}
	t := FMA(x, 0x1.45f306p-1, RoundC)
	n := t - RoundC
	r = FMA(n, -0x1.921fb0p+00, x)
	r = FMA(n, -0x1.5110b4p-22, r)
	r = FMA(n, -0x1.846988p-48, r)
	return r, int32(math.Float32bits(t))
}

// SinQuadrant is sin(r + j·π/2).
func SinQuadrant(r float32, j int32) float32 {
	s := Mul(r, r)
	var y float32
	if j&1 == 0 {
		y = sinPoly(r, s)
	} else {
		y = cosPoly(s)
	}
	if j&2 != 0 {
		y = -y
	}
	return y
}

// sinPoly is sin r for |r| ≤ π/4 and s = r².
func sinPoly(r, s float32) float32 {
	p := FMA(s, 0x1.80a000p-19, -0x1.a0176cp-13)
	p = FMA(p, s, 0x1.11109cp-07)
	p = FMA(p, s, -0x1.555554p-03)
	return FMA(p, Mul(r, s), r)
}

// cosPoly is cos r for |r| ≤ π/4 and s = r².
func cosPoly(s float32) float32 {
	p := FMA(s, 0x1.9a8000p-16, -0x1.6c0efap-10)
	p = FMA(p, s, 0x1.555550p-05)
	p = FMA(p, s, -0.5)
	return FMA(p, s, 1)
}

// twoOverPi holds the bits of 2/π after the point, most significant word first.
var twoOverPi = [...]uint64{
	0xa2f9836e4e441529, 0xfc2757d1f534ddc0, 0xdb6295993c439041, 0xfe5163abdebbc561,
}

// reduceLarge reduces any finite x (Payne & Hanek 1983): with x = m·2ᵉ, only the
// bits of 2/π from weight 2^(1-e) down to about 2^(-e-90) bear on x·2/π mod 4. They are
// multiplied by m as a 64+64-bit integer; what is left is rounded to r.
func reduceLarge(x float32) (r float32, j int32) {
	b := math.Float32bits(x)
	e := int(b>>23&0xff) - 150 // x = ±m·2ᵉ
	if e > 104 {
		return NaN, 0
	}
	m := uint64(b&(1<<23-1) | 1<<23)
	hi, lo := piBits(e-2), piBits(e-2+64) // 2/π·2ᵉ mod 4, as a fixed point with 126 bits of fraction
	carry, low := bits.Mul64(lo, m)
	top := hi*m + carry
	q := int32(top >> 62)
	// The fraction in [0,1) becomes [-½,½) by rounding j to nearest.
	frac := int64(top << 2)
	frac |= int64(low >> 62)
	if frac < 0 {
		q++
	}
	v := float64(frac) * 0x1p-64
	r = float32(v * (math.Pi / 2))
	if b>>31 != 0 {
		return -r, -q
	}
	return r, q
}

// piBits returns 64 bits of 2/π beginning after skip bits behind the point; a
// negative skip begins before the point, where there are zeros.
func piBits(skip int) uint64 {
	if skip <= -64 {
		return 0
	}
	if skip < 0 {
		return twoOverPi[0] >> uint(-skip)
	}
	w, s := skip/64, uint(skip%64)
	v := twoOverPi[w] << s
	if s != 0 && w+1 < len(twoOverPi) {
		v |= twoOverPi[w+1] >> (64 - s)
	}
	return v
}
