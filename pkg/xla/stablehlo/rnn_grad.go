package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rnn_grad", "dx, h before each step and dh0, in a loop back over steps", func(e *emitter, n *graph.Node, in []val) []val {
		a := n.Attrs.(op.RecurrentGradAttrs)
		g := splitGrad(e, a, 1, in)
		last, all := g.walk(true, []val{g.state(g.dlast)}, []int{g.units}, func(t val, carry []val) (next, outs []val) {
			dx := slope(g.arriving(t, carry[0]), step(g.y, t), a.Act, 0)
			return []val{g.met(matmul(dx, g.w))}, []val{dx}
		})
		out := []val{all[0], g.within(g.metAll(g.before(g.y, g.state(g.h0))))}
		if a.Initial {
			out = append(out, last[0])
		}
		return out
	})
}

// metAll is met for all steps at once.
func (s sequences) metAll(h val) val {
	if s.mask == nil {
		return h
	}
	return h.mul(s.mask.reshape(s.rows, 1, s.units))
}
