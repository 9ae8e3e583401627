package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rnn", "h = act(x + w·h) in a loop over steps", func(e *emitter, n *graph.Node, in []val) []val {
		a, x, w := n.Attrs.(op.RecurrentAttrs), in[0], in[1]
		s := split(e, a, false, n.Outputs[0].Shape, in[2:])
		last, all := s.walk(false, []val{s.state(s.h0)}, []int{s.units}, func(t val, h []val) (next, outs []val) {
			y := activate(step(x, t).add(matmulT(s.met(h[0]), w)), a.Act, 0)
			return []val{y}, []val{y}
		})
		return []val{all[0], last[0]}
	})
}
