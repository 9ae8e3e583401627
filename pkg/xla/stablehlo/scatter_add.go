package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("scatter_add", "y = scatter by add", func(e *emitter, n *graph.Node, in []val) []val {
		ids, x := in[0], in[1]
		count := ids.shape.Size()
		rows := x.reshape(count, x.shape.Last())
		return []val{scatterRows(e.zeros(typeOf(n.Outputs[0].Type)), ids.reshape(count), rows, "add")}
	})
}
