package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("pack", "y = the inputs concatenated, with zeros between", pack)
}

func pack(e *emitter, n *graph.Node, in []val) []val {
	a, end := n.Attrs.(op.PackAttrs), 0
	var pieces []val
	gap := func(to int) {
		if to > end {
			pieces = append(pieces, e.number(0, "f32", to-end))
		}
		end = to
	}
	for i, x := range in {
		gap(a.Offsets[i])
		size := x.shape.Size()
		pieces = append(pieces, x.reshape(size))
		end += size
	}
	gap(a.Size)
	if len(pieces) == 0 {
		return []val{e.number(0, "f32", a.Size)}
	}
	return []val{concat(0, pieces...)}
}
