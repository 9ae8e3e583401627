package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("lion_update", "p = p·(1 - rate·decay) - rate·sign(m)", update(func(a op.LionAttrs) []op.Segment { return a.Segments }, func(u updating, a op.LionAttrs) []val {
		m := u.slots[0]
		p := u.p.mul(u.p.number(1).sub(u.rate.mul(u.decay)))
		return []val{p.sub(u.rate.mul(running(m, u.g, a.Beta1).unary("sign"))), running(m, u.g, a.Beta2)}
	}))
}
