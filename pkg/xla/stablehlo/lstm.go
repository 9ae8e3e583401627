package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("lstm", "c = f·c + i·g, h = o·tanh c in a loop over steps", func(e *emitter, n *graph.Node, in []val) []val {
		a, x, w := n.Attrs.(op.RecurrentAttrs), in[0], in[1]
		s := split(e, a, true, n.Outputs[0].Shape, in[2:])
		u := s.units
		last, all := s.walk(false, []val{s.state(s.h0), s.state(s.c0)}, []int{u, 4 * u, u}, func(t val, now []val) (next, outs []val) {
			z := s.gates(step(x, t).add(matmulT(s.met(now[0]), w)), 4)
			i, f, g, o := sigmoid(z[0]), sigmoid(z[1]), tanh(z[2]), sigmoid(z[3])
			c := f.mul(now[1]).add(i.mul(g))
			h := o.mul(tanh(c))
			return []val{h, c}, []val{h, concat(1, i, f, g, o), c}
		})
		return []val{all[0], last[0], last[1], all[1], all[2]}
	})
}
