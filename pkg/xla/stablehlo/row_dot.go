package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("row_dot", "z = reduce of the products along the last axis", func(_ *emitter, _ *graph.Node, in []val) []val {
		return []val{sum(in[0].mul(in[1]), in[0].last())}
	})
}
