package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("gru", "h = (1-z)·n + z·h in a loop over steps", func(e *emitter, n *graph.Node, in []val) []val {
		a, x, w := n.Attrs.(op.RecurrentAttrs), in[0], in[1]
		s := split(e, a, false, n.Outputs[0].Shape, in[2:])
		u := s.units
		bias := e.number(0, "f32", 3*u)
		if s.bias != nil {
			bias = *s.bias
		}
		last, all := s.walk(false, []val{s.state(s.h0)}, []int{u, 3 * u, u}, func(t val, now []val) (next, outs []val) {
			met, xs := s.met(now[0]), s.gates(step(x, t), 3)
			var r, z, q, inner val
			if a.ResetBefore {
				two := matmulT(met, part(w, 0, 0, 2*u)).add(part(bias, 0, 0, 2*u))
				r, z = sigmoid(xs[0].add(part(two, 1, 0, u))), sigmoid(xs[1].add(part(two, 1, u, 2*u)))
				q = r.mul(met)
				inner = matmulT(q, part(w, 0, 2*u, 3*u)).add(part(bias, 0, 2*u, 3*u))
			} else {
				hidden := s.gates(matmulT(met, w).add(bias), 3)
				r, z, q = sigmoid(xs[0].add(hidden[0])), sigmoid(xs[1].add(hidden[1])), hidden[2]
				inner = r.mul(q)
			}
			m := tanh(xs[2].add(inner))
			h := z.number(1).sub(z).mul(m).add(z.mul(now[0]))
			return []val{h}, []val{h, concat(1, r, z, m), q}
		})
		return []val{all[0], last[0], all[1], all[2]}
	})
}
