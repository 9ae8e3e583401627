package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var batchNormApplyReluOp graph.Op

// BatchNormApplyRelu is batch_norm_apply and a relu behind it in one pass. attrs and inputs are those of the norm. It gives
// the same bits as activate(batch_norm_apply(x)), which is what it is differentiated through.
func BatchNormApplyRelu(b *graph.Builder, attrs NormAttrs, in ...*graph.Value) *graph.Value {
	return b.One(&batchNormApplyReluOp, attrs, in...)
}

func init() {
	batchNormApplyReluOp = graph.Op{
		Name:  "batch_norm_apply_relu",
		Doc:   "y = max(0, (x - mean)·gamma/√(variance + eps) + beta) by channel, with given statistics",
		Infer: inferBatchNormApply,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			return []*graph.Value{Activate(b, b.One(&batchNormApplyOp, n.Attrs, n.Inputs...), vec.ActRelu, 0)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalBatchNormApply(n, in, out)
			relu64(out[0].F)
		},
		Kernel:  func(n *graph.Node) graph.Kernel { return batchNormApply(n, true) },
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(4),
		Cases: []graph.Case{
			normApplyCase("both", NormAttrs{1e-5, true, true}, 6, 4),
			normApplyCase("plain", NormAttrs{1e-3, false, false}, 2, 3, 5),
			normApplyCase("beta", NormAttrs{1e-3, false, true}, 5, 40),
		},
	}
	graph.Ops.Register(batchNormApplyReluOp.Name, batchNormApplyReluOp.Doc, &batchNormApplyReluOp)
}
