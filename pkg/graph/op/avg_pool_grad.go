package op

import "dnn/pkg/graph"

func init() {
	avgPoolGradOp = avgPool().gradient("avg_pool_grad")
	graph.Ops.Register(avgPoolGradOp.Name, avgPoolGradOp.Doc, &avgPoolGradOp)
}
