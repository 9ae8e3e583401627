package stablehlo

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("gather_blocks", "y = a gather of rows of whole numbers, times the scales of their blocks", func(_ *emitter, n *graph.Node, in []val) []val {
		ids := in[2].reshape(in[2].shape.Size())
		rows := widened(look(in[0], ids), look(in[1], ids), n.Attrs.(op.GatherBlocksAttrs).Width)
		return []val{rows.reshape(n.Outputs[0].Shape...)}
	})
}
