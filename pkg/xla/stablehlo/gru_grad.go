package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("gru_grad", "dx, h before each step, d of the products and dh0, in a loop back over steps", gruGrad)
}

func gruGrad(e *emitter, n *graph.Node, in []val) []val {
	a := n.Attrs.(op.RecurrentGradAttrs)
	g := splitGrad(e, a, 3, in)
	u := g.units
	before := g.before(g.y, g.state(g.h0))
	met := g.within(g.metAll(before))
	widths := []int{3 * u, 3 * u}
	if a.ResetBefore {
		widths = widths[:1]
	}
	last, all := g.walk(true, []val{g.state(g.dlast)}, widths, func(t val, carry []val) (next, outs []val) {
		gates, h := g.sequences.gates(step(*g.gates, t), 3), step(before, t)
		r, z, m := gates[0], gates[1], gates[2]
		d := g.arriving(t, carry[0])
		dz := d.mul(h.sub(m)).mul(sigmoidSlope(z))
		dn := d.mul(z.number(1).sub(z)).mul(tanhSlope(m))
		var back val
		if a.ResetBefore {
			q := matmul(dn, part(g.w, 0, 2*u, 3*u))
			dr := q.mul(step(met, t)).mul(sigmoidSlope(r))
			outs = []val{concat(1, dr, dz, dn)}
			back = matmul(concat(1, dr, dz), part(g.w, 0, 0, 2*u)).add(q.mul(r))
		} else {
			dr := dn.mul(step(*g.q, t)).mul(sigmoidSlope(r))
			dh := concat(1, dr, dz, dn.mul(r))
			outs = []val{concat(1, dr, dz, dn), dh}
			back = matmul(dh, g.w)
		}
		return []val{g.met(back).add(d.mul(z))}, outs
	})
	out := append([]val{all[0], met}, all[1:]...)
	if a.Initial {
		out = append(out, last[0])
	}
	return out
}
