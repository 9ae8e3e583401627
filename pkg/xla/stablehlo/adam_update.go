package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("adam_update", "p = p - rate·m/(√v + eps)", update(func(a op.AdamAttrs) []op.Segment { return a.Segments }, func(u updating, a op.AdamAttrs) []val {
		p, g := u.p, u.g
		if a.Decoupled {
			p = p.mul(p.number(1).sub(u.rate.mul(u.decay)))
		} else {
			g = u.decayed()
		}
		m, v := running(u.slots[0], g, a.Beta1), running(u.slots[1], g.mul(g), a.Beta2)
		slots, top := []val{m, v}, v
		if a.AMSGrad {
			top = u.slots[2].max(v)
			slots = append(slots, top)
		}
		size := u.rate.div(u.unbias(a.Beta1))
		return append([]val{p.sub(size.mul(m).div(top.sqrt().div(u.unbias(a.Beta2).sqrt()).plus(a.Eps)))}, slots...)
	}))
}
