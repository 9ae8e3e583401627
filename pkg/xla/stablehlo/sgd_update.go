package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("sgd_update", "p = p - rate·m", update(func(a op.SGDAttrs) []op.Segment { return a.Segments }, func(u updating, a op.SGDAttrs) []val {
		g := u.decayed()
		if a.Momentum == 0 {
			return []val{u.p.sub(u.rate.mul(g))}
		}
		m := u.first.pick(g, u.slots[0].times(a.Momentum).add(g.times(1-a.Dampening)))
		d := m
		if a.Nesterov {
			d = g.add(m.times(a.Momentum))
		}
		return []val{u.p.sub(u.rate.mul(d)), m}
	}))
}
