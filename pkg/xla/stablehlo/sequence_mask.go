package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sequence_mask", "y = compare of positions with lengths", with(func(lengths val, a op.SequenceMaskAttrs) val {
		s := append(append(graph.Shape{}, lengths.shape...), a.Positions)
		return lengths.e.iota("i32", s, len(s)-1).compare("LT", column(lengths)).as("f32")
	}))
}
