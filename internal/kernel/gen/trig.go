package main

// sinCos are sinPoly and cosPoly of package scalar.
func (a *asm) sinCos(r vec) (sin, cos vec) {
	s := a.mul(r, r)
	p := a.poly(s, 0x1.80a000p-19, -0x1.a0176cp-13, 0x1.11109cp-07, -0x1.555554p-03)
	return a.fma(p, a.mul(r, s), r), a.poly(s, 0x1.9a8000p-16, -0x1.6c0efap-10, 0x1.555550p-05, -0.5, 1)
}

// quadrant is SinQuadrant of package scalar.
func (a *asm) quadrant(j, sin, cos vec) vec {
	even := a.equalInt(a.and(j, a.bits(1)), a.num(0))
	y := a.choose(even, sin, cos)
	return a.xor(y, a.shl(a.and(j, a.bits(2)), 30))
}
