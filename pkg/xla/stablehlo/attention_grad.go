package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("attention_grad", "dq, dk and dv, from the weights computed again", func(e *emitter, n *graph.Node, in []val) []val {
		w := newAttention(e, n.Attrs.(op.AttentionAttrs), in[3:])
		dy, y := w.byQuery(in[0]), w.byQuery(in[1])
		scores, seen := w.scores()
		p := w.weights(scores, seen, w.stats(in[2]))
		delta := transpose(sumKept(dy.mul(y), 4), 0, 2, 1, 3, 4) // [rows, keyHeads, m, group, 1]
		dp := w.drop(seen.pick(w.across(dy, w.v), scores.number(0)))
		ds := p.mul(dp.sub(delta)).times(w.scale)
		return []val{w.gather(ds, w.k), w.collect(ds, w.q), w.collect(w.drop(p), dy)}
	})
}
