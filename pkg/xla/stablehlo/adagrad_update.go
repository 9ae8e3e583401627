package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("adagrad_update", "p = p - rate·g/(√h + eps)", update(func(a op.AdagradAttrs) []op.Segment { return a.Segments }, func(u updating, a op.AdagradAttrs) []val {
		g := u.decayed()
		h := u.slots[0].add(g.mul(g))
		rate := u.rate.div(u.step.plus(-1).times(a.LRDecay).plus(1))
		return []val{u.p.sub(rate.mul(g).div(h.sqrt().plus(a.Eps))), h}
	}))
}
