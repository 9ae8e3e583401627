//go:build !arm64

package scalar

import "math"

// FMA returns a*b+c with one rounding, denormals included.
//
// The product of two float32 is exact in float64. If the float64 sum is not a
// point halfway between two float32, rounding it again gives the right answer,
// because every halfway point (of denormals too) is itself a float64 whose low
// 28 bits are zero. Otherwise fmaHalfway looks at what the sum lost.
func FMA(a, b, c float32) float32 {
	p := float64(a) * float64(b)
	s := p + float64(c)
	if math.Float64bits(s)&0x0fffffff != 0 {
		return float32(s)
	}
	return fmaHalfway(p, float64(c), s)
}

// fmaHalfway rounds p+c, whose float64 rounding is s, to float32. The exact
// error of s (Knuth's TwoSum) decides on which side of s the true sum lies; s,
// being even in its last bit, is moved by one float64 ulp to that side, which is
// rounding to odd (Boldo & Melquiond 2008) and makes the second rounding safe.
func fmaHalfway(p, c, s float64) float32 {
	t := s - p
	e := (p - (s - t)) + (c - t)
	switch {
	case e > 0 && s > 0, e < 0 && s < 0:
		s = math.Float64frombits(math.Float64bits(s) + 1)
	case e > 0 && s < 0, e < 0 && s > 0:
		s = math.Float64frombits(math.Float64bits(s) - 1)
	}
	return float32(s)
}
