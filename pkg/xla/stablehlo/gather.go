package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("gather", "y = gather of rows", func(_ *emitter, _ *graph.Node, in []val) []val { return []val{look(in[0], in[1])} })
}
