// Package scalar has the functions of single float32 numbers that kernels apply. They say what all variants compute; loops in
// assembly repeat their operations one by one.
package scalar

import "math"

// Mul is a*b rounded to float32. The conversion forbids the compiler to fuse the
// product with an addition, which arm64 (and amd64 at level v3) otherwise may.
func Mul(a, b float32) float32 { return float32(a * b) }

// Max is the larger of a and b, b if they compare equal, and NaN if either is.
func Max(a, b float32) float32 {
	if a > b || a != a {
		return a
	}
	return b
}

// Min is the smaller of a and b, b if they compare equal, and NaN if either is.
func Min(a, b float32) float32 {
	if a < b || a != a {
		return a
	}
	return b
}

// Clip is x limited to [lo,hi]; a NaN stays.
func Clip(x, lo, hi float32) float32 {
	if lo > x {
		x = lo
	}
	if hi < x {
		x = hi
	}
	return x
}

func Abs(x float32) float32 {
	return math.Float32frombits(math.Float32bits(x) &^ (1 << 31))
}

// Copysign is |x| with the sign of s.
func Copysign(x, s float32) float32 {
	const sign = 1 << 31
	return math.Float32frombits(math.Float32bits(x)&^sign | math.Float32bits(s)&sign)
}

// Sqrt is the correctly rounded root: rounding the float64 root of a float32
// once more is harmless, since 53 ≥ 2·24+2 (Figueroa 1995).
func Sqrt(x float32) float32 { return float32(math.Sqrt(float64(x))) }

// pow2 is 2ⁿ for -126 ≤ n ≤ 127.
func pow2(n int32) float32 { return math.Float32frombits(uint32(n+127) << 23) }

func Rsqrt(x float32) float32 { return 1 / Sqrt(x) }

func Sign(x float32) float32 {
	switch {
	case x > 0:
		return 1
	case x < 0:
		return -1
	}
	return x
}

func Neg(x float32) float32 {
	return math.Float32frombits(math.Float32bits(x) ^ 1<<31)
}

var (
	Inf = float32(math.Inf(1))
	NaN = float32(math.NaN())
)
