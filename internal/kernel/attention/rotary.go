package attention

import "dnn/internal/kernel/scalar"

// Rotary turns the heads of x, at one position, by angles whose cosines and sines are
// given for the halves of a head (Su et al. 2021): elements j and j+d/2 of a head become
//
//	y_j = fma(-x_j+d/2, sin_j, x_j·cos_j),  y_j+d/2 = fma(x_j, sin_j, x_j+d/2·cos_j),
//
// or, back, turns them by the opposite angles. y may be x.
func Rotary(y, x, cos, sin []float32, back bool) {
	half := len(cos)
	sin = sin[:half]
	rotate := active.rotate
	if back {
		rotate = active.rotateBack
	}
	for ; len(x) > 0; x, y = x[2*half:], y[2*half:] {
		rotate(y[:half], y[half:2*half], x[:half], x[half:2*half], cos, sin)
	}
}

func rotateGeneric(u, v, x, y, cos, sin []float32) {
	for i, a := range x {
		b, c, s := y[i], cos[i], sin[i]
		u[i], v[i] = scalar.FMA(-b, s, scalar.Mul(a, c)), scalar.FMA(a, s, scalar.Mul(b, c))
	}
}

func rotateBackGeneric(u, v, x, y, cos, sin []float32) {
	for i, a := range x {
		b, c, s := y[i], cos[i], sin[i]
		u[i], v[i] = scalar.FMA(b, s, scalar.Mul(a, c)), scalar.FMA(-a, s, scalar.Mul(b, c))
	}
}
