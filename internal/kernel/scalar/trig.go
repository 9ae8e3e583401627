package scalar

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
