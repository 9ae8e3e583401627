package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("rmsprop_update", "p = p - rate·g/(√v + eps)", update(func(a op.RMSpropAttrs) []op.Segment { return a.Segments }, func(u updating, a op.RMSpropAttrs) []val {
		g := u.decayed()
		v := running(u.slots[0], g.mul(g), a.Alpha)
		slots, rest, square := []val{v}, u.slots[1:], v
		moment := (*val)(nil)
		if a.Momentum != 0 {
			moment, rest = &rest[0], rest[1:]
		}
		mean := u.e.number(0, "f32")
		if a.Centered {
			mean = running(rest[0], g, a.Alpha)
			square = square.sub(mean.mul(mean))
		}
		d := g.div(square.sqrt().plus(a.Eps))
		if moment != nil {
			d = moment.times(a.Momentum).add(d)
			slots = append(slots, d)
		}
		if a.Centered {
			slots = append(slots, mean)
		}
		return append([]val{u.p.sub(u.rate.mul(d))}, slots...)
	}))
}
