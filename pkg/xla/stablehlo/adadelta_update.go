package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("adadelta_update", "p = p - rate·√(u+eps)/√(v+eps)·g", update(func(a op.AdadeltaAttrs) []op.Segment { return a.Segments }, func(u updating, a op.AdadeltaAttrs) []val {
		g := u.decayed()
		v := running(u.slots[0], g.mul(g), a.Rho)
		d := u.slots[1].plus(a.Eps).sqrt().div(v.plus(a.Eps).sqrt()).mul(g)
		return []val{u.p.sub(u.rate.mul(d)), v, running(u.slots[1], d.mul(d), a.Rho)}
	}))
}
