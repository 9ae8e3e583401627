package op

import "dnn/pkg/graph"

func init() {
	upsampleGradOp = upsample().gradient("upsample_grad")
	graph.Ops.Register(upsampleGradOp.Name, upsampleGradOp.Doc, &upsampleGradOp)
}
