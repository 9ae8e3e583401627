package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("gather_int8", "y = a gather of rows of whole numbers, times their scales", func(_ *emitter, n *graph.Node, in []val) []val {
		ids := in[2].reshape(in[2].shape.Size())
		rows := look(in[0], ids).as("f32").mul(look(column(in[1]), ids))
		return []val{rows.reshape(n.Outputs[0].Shape...)}
	})
}
