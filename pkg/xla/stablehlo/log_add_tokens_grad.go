package stablehlo

import "dnn/pkg/graph"

func init() {
	Registry.Register("log_add_tokens_grad", "dx = dy scattered to with the tokens' shares as factors, da = gather of dy", func(_ *emitter, _ *graph.Node, in []val) []val {
		dy, share, inverse, ids := in[0], in[1], in[2], in[3]
		rows, m, classes, places := dy.shape[0], dy.shape[1], dy.shape[2], ids.shape[1]
		flat, each := dy.reshape(rows*m, classes), ids.reshape(rows, 1, places).to(graph.Shape{rows, m, places}).reshape(rows*m, places)
		dx := scatterEach(flat, each, share.reshape(rows*m, places), "multiply")
		return []val{dx.reshape(dy.shape...), pickEach(flat, each).reshape(share.shape...).mul(inverse)}
	})
}
