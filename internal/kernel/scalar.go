package kernel

import "math"

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
