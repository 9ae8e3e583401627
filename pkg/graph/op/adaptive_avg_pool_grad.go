package op

import "dnn/pkg/graph"

func init() {
	adaptiveAvgPoolGradOp = adaptiveAvgPool().gradient("adaptive_avg_pool_grad")
	graph.Ops.Register(adaptiveAvgPoolGradOp.Name, adaptiveAvgPoolGradOp.Doc, &adaptiveAvgPoolGradOp)
}
