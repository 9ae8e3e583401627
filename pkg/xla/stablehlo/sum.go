package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sum", "y = reduce by add", func(_ *emitter, n *graph.Node, in []val) []val {
		return []val{sum(in[0], n.Attrs.(op.SumAttrs).Axes...).reshape(n.Outputs[0].Shape...)}
	})
}
