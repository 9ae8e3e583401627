package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("lstm_grad", "dx, h before each step, dh0 and dc0, in a loop back over steps", func(e *emitter, n *graph.Node, in []val) []val {
		a := n.Attrs.(op.RecurrentGradAttrs)
		g := splitGrad(e, a, 4, in)
		before := g.before(*g.cells, g.state(g.c0))
		last, all := g.walk(true, []val{g.state(g.dlast), g.state(g.dcell)}, []int{4 * g.units}, func(t val, carry []val) (next, outs []val) {
			z := g.sequences.gates(step(*g.gates, t), 4)
			i, f, c, o := z[0], z[1], z[2], z[3]
			v, d := tanh(step(*g.cells, t)), g.arriving(t, carry[0])
			dc := carry[1].add(d.mul(o).mul(tanhSlope(v)))
			dx := concat(1, dc.mul(c).mul(sigmoidSlope(i)), dc.mul(step(before, t)).mul(sigmoidSlope(f)),
				dc.mul(i).mul(tanhSlope(c)), d.mul(v).mul(sigmoidSlope(o)))
			return []val{g.met(matmul(dx, g.w)), dc.mul(f)}, []val{dx}
		})
		out := []val{all[0], g.within(g.metAll(g.before(g.y, g.state(g.h0))))}
		if a.Initial {
			out = append(out, last...)
		}
		return out
	})
}
