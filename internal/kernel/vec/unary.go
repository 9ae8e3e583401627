// Package vec has loops over elements (functions of one and of several slices, activations), sums, rows met by vectors, and
// what moves numbers about.
package vec

import "dnn/internal/kernel/scalar"

// each is dst[i] = f(x[i]); inlined, so that f is called directly.
func each(dst, x []float32, f func(float32) float32) {
	dst = dst[:len(x)]
	for i, v := range x {
		dst[i] = f(v)
	}
}

// The errors given below were measured against float64 over all of float32 with a
// stride; TestAccuracy measures them again.

// Exp is eˣ, within 0.83 ulp. Above 88.72 it gives +Inf, below -103.97 zero.
func Exp(dst, x []float32) { active.exp(dst[:len(x)], x) }

// Log is ln x, within 0.75 ulp: -Inf at 0, NaN below.
func Log(dst, x []float32) { active.log(dst[:len(x)], x) }

// Sqrt is the correctly rounded root; NaN below -0.
func Sqrt(dst, x []float32) { active.sqrt(dst[:len(x)], x) }

// Rsqrt is 1/√x by a correctly rounded root and a correctly rounded division.
func Rsqrt(dst, x []float32) { active.rsqrt(dst[:len(x)], x) }

// Square is x·x.
func Square(dst, x []float32) { active.square(dst[:len(x)], x) }

// Abs is |x|.
func Abs(dst, x []float32) { active.abs(dst[:len(x)], x) }

// Sign is -1, 0 or 1; ±0 and NaN stay as they are.
func Sign(dst, x []float32) { active.sign(dst[:len(x)], x) }

// Neg is -x.
func Neg(dst, x []float32) { active.neg(dst[:len(x)], x) }

// Fill sets every element of dst to v.
func Fill(dst []float32, v float32) {
	if len(dst) == 0 {
		return
	}
	dst[0] = v
	for n := 1; n < len(dst); n *= 2 { // copy is faster than a loop
		copy(dst[n:], dst[:n])
	}
}

func expGeneric(dst, x []float32)   { each(dst, x, scalar.Exp) }
func logGeneric(dst, x []float32)   { each(dst, x, scalar.Log) }
func sqrtGeneric(dst, x []float32)  { each(dst, x, scalar.Sqrt) }
func rsqrtGeneric(dst, x []float32) { each(dst, x, scalar.Rsqrt) }
func squareGeneric(dst, x []float32) {
	each(dst, x, func(v float32) float32 { return scalar.Mul(v, v) })
}
func absGeneric(dst, x []float32)  { each(dst, x, scalar.Abs) }
func signGeneric(dst, x []float32) { each(dst, x, scalar.Sign) }
func negGeneric(dst, x []float32)  { each(dst, x, scalar.Neg) }
