package scalar

func Relu(x float32) float32 {
	if 0 > x {
		return 0
	}
	return x
}

// Expm1 is eˣ-1 for x ≤ 0, within 2 ulp: a polynomial down to -0.35, the
// difference below.
func Expm1(x float32) float32 {
	p := FMA(x, 1.0/5040, 1.0/720)
	p = FMA(p, x, 1.0/120)
	p = FMA(p, x, 1.0/24)
	p = FMA(p, x, 1.0/6)
	p = FMA(p, x, 0.5)
	near := FMA(Mul(x, x), p, x)
	far := Exp(x) - 1
	if x > -0.35 {
		return near
	}
	return far
}

// Sigmoid is 1/(1+e⁻ˣ), from z = e^-|x|, which cannot overflow, as y = n/d with
// d = 1+z, corrected by what rounding d and the quotient has lost: r is n - y·(1+z),
// and a line through 1/d at both ends of [1,2] is precise enough to divide it by d.
func Sigmoid(x float32) float32 {
	z := Exp(-Abs(x))
	n := z
	if x >= 0 {
		n = 1
	}
	d := 1 + z
	y := n / d
	r := FMA(-y, d, n)
	r = FMA(-y, z-(d-1), r)
	return FMA(r, FMA(d, -0.5, 1.457), y)
}

// Tanh is an odd polynomial below 0.625 (Cephes' tanhf, Moshier 1992), and
// 1 - 2/(e^2|x|+1) above.
func Tanh(x float32) float32 {
	t := Abs(x)
	s := Mul(x, x)
	p := FMA(s, -5.70498872745e-3, 2.06390887954e-2)
	p = FMA(p, s, -5.37397155531e-2)
	p = FMA(p, s, 1.33314422036e-1)
	p = FMA(p, s, -3.33332819422e-1)
	near := FMA(Mul(p, s), x, x)
	far := Copysign(1-2/(Exp(t+t)+1), x)
	if t >= 0.625 {
		return far
	}
	return near
}

func ReluGrad(dy, y, _ float32) float32 {
	if y > 0 {
		return dy
	}
	return 0
}

func SigmoidGrad(dy, y, _ float32) float32 { return Mul(Mul(dy, 1-y), y) }

func TanhGrad(dy, y, _ float32) float32 { return Mul(dy, FMA(-y, y, 1)) }
