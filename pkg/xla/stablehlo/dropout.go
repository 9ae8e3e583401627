package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dropout", "y = select by draws of Philox", dropout)
}

func dropout(e *emitter, n *graph.Node, in []val) []val {
	a, x := n.Attrs.(op.DropoutAttrs), in[0]
	k, size := e.key(keyOf(a.Seed, a.Stream)), x.shape.Size()
	at, draws := momentOf(in[1]), val{}
	if len(x.shape) > 2 { // each row has places of its own
		draws = e.rowDraws(k, at, x.shape[0], size/max(1, x.shape[0]))
	} else {
		draws = e.flatDraws(k, at, size)
	}
	return []val{keptOf(x, draws.reshape(x.shape...), float32(a.Rate))}
}
