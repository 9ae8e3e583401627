package scalar

import "math"

const (
	log2e  = 0x1.715476p+0
	ln2Hi  = 0x1.62e400p-1 // the upper 15 bits of ln 2; n·ln2Hi is exact for |n| < 2⁹
	ln2Lo  = 0x1.7f7d1cp-20
	RoundC = 0x1.8p+23 // adding it rounds to an integer, held in the low bits
	expMax = 89        // e⁸⁹ overflows
	expMin = -104      // e⁻¹⁰⁴ is under half the smallest denormal
)

// Exp is eˣ: x = n·ln2 + r with |r| ≤ ln2/2 by a two-part constant (Cody &
// Waite 1980), e^r by a polynomial of degree 6, then two exact scalings so that
// denormal results are rounded only once.
//
// NaN gives NaN, x > 88.72 gives +Inf, x < -103.97 gives 0.
func Exp(x float32) float32 {
	x = Clip(x, expMin, expMax)
	t := FMA(x, log2e, RoundC)
	n := t - RoundC
	r := FMA(n, -ln2Hi, x)
	r = FMA(n, -ln2Lo, r)
	p := FMA(r, 0x1.694000p-10, 0x1.125edcp-7)
	p = FMA(p, r, 0x1.555b5ap-5)
	p = FMA(p, r, 0x1.555450p-3)
	p = FMA(p, r, 0x1.fffff6p-2)
	p = FMA(p, r, 1)
	p = FMA(p, r, 1)
	i := int32(math.Float32bits(t) - math.Float32bits(RoundC))
	half := i >> 1
	return Mul(Mul(p, pow2(half)), pow2(i-half))
}
