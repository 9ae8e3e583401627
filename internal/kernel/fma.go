package kernel

import "math"

// fma returns a*b+c with one rounding, denormals included.
//
// The product of two float32 is exact in float64. If the float64 sum is not a
// point halfway between two float32, rounding it again gives the right answer,
// because every halfway point (of denormals too) is itself a float64 whose low
// 28 bits are zero. Otherwise fmaHalfway looks at what the sum lost.
func fma(a, b, c float32) float32 {
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

// mul is a*b rounded to float32. The conversion forbids the compiler to fuse the
// product with an addition, which arm64 (and amd64 at level v3) otherwise may.
func mul(a, b float32) float32 { return float32(a * b) }

// maxf is the larger of a and b, b if they compare equal, and NaN if either is.
func maxf(a, b float32) float32 {
	if a > b || a != a {
		return a
	}
	return b
}

// minf is the smaller of a and b, b if they compare equal, and NaN if either is.
func minf(a, b float32) float32 {
	if a < b || a != a {
		return a
	}
	return b
}

// clip is x limited to [lo,hi]; a NaN stays.
func clip(x, lo, hi float32) float32 {
	if lo > x {
		x = lo
	}
	if hi < x {
		x = hi
	}
	return x
}

func abs(x float32) float32 {
	return math.Float32frombits(math.Float32bits(x) &^ (1 << 31))
}

// copysign is |x| with the sign of s.
func copysign(x, s float32) float32 {
	const sign = 1 << 31
	return math.Float32frombits(math.Float32bits(x)&^sign | math.Float32bits(s)&sign)
}

// sqrt is the correctly rounded root: rounding the float64 root of a float32
// once more is harmless, since 53 ≥ 2·24+2 (Figueroa 1995).
func sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// pow2 is 2ⁿ for -126 ≤ n ≤ 127.
func pow2(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }
