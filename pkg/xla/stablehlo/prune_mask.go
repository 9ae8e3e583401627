package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("prune_mask", "m = abs within the spans while on is not 0, else 1", pruneMask)
}

func pruneMask(e *emitter, n *graph.Node, in []val) []val {
	w, on := in[0], in[1]
	var pieces []val
	end := 0
	free := func(to int) {
		if to > end {
			pieces = append(pieces, e.number(1, "f32", to-end))
		}
	}
	for _, s := range n.Attrs.(op.PruneMaskAttrs).Spans {
		if s.Lo == s.Hi {
			continue
		}
		free(s.Lo)
		pieces = append(pieces, part(w, 0, s.Lo, s.Hi).unary("abs"))
		end = s.Hi
	}
	free(w.shape[0])
	if len(pieces) == 0 {
		return []val{w}
	}
	return []val{on.compare("NE", on.number(0)).pick(concat(0, pieces...), e.number(1, "f32"))}
}
