package stablehlo

import (
	"math"

	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("nadam_update", "p = p - (rate·g + rate·m)/(√v + eps)", update(func(a op.NAdamAttrs) []op.Segment { return a.Segments }, func(u updating, a op.NAdamAttrs) []val {
		p, g, one := u.p, u.g, u.e.number(1, "f32")
		if a.Decoupled {
			p = p.mul(one.sub(u.rate.mul(u.decay)))
		} else {
			g = u.decayed()
		}
		mu := func(t val) val {
			return one.sub(t.times(a.MomentumDecay * math.Log(0.96)).exp().times(0.5)).times(a.Beta1)
		}
		m, v := running(u.slots[0], g, a.Beta1), running(u.slots[1], g.mul(g), a.Beta2)
		now := u.first.pick(one, u.slots[2]).mul(mu(u.step))
		next := mu(u.step.plus(1))
		ofGrad := u.rate.mul(one.sub(mu(u.step)).div(one.sub(now)))
		ofMoment := u.rate.mul(next.div(one.sub(now.mul(next))))
		step := ofGrad.mul(g).add(ofMoment.mul(m)).div(v.div(u.unbias(a.Beta2)).sqrt().plus(a.Eps))
		return []val{p.sub(step), m, v, now}
	}))
}
