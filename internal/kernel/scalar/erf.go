package scalar

// Erf is the error function: near zero an odd polynomial, further out
// 1 - e^q(|x|) with a polynomial q. Coefficients by N. Juffa (2015, in the
// public domain), who measured 1 ulp with a correctly rounded exp.
func Erf(x float32) float32 {
	t := Clip(Abs(x), 0, 4) // erf 4 rounds to 1
	s := Mul(t, t)

	r := FMA(t, -1.72853470e-5, 3.83197126e-4)
	u := FMA(t, -3.88396438e-3, 2.42546219e-2)
	r = FMA(r, s, u)
	r = FMA(r, t, -1.06777877e-1)
	r = FMA(r, t, -6.34846687e-1)
	r = FMA(r, t, -1.28717512e-1)
	r = FMA(r, t, -t)
	far := Copysign(1-Exp(r), x)

	p := FMA(s, -5.96761703e-4, 4.99119423e-3)
	p = FMA(p, s, -2.67681349e-2)
	p = FMA(p, s, 1.12819925e-1)
	p = FMA(p, s, -3.76125336e-1)
	p = FMA(p, s, 1.28379166e-1)
	near := FMA(p, x, x)

	if t > 0.927734375 {
		return far
	}
	return near
}
