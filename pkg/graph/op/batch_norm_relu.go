package op

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var batchNormReluOp graph.Op

// BatchNormRelu is batch_norm and a relu behind it in one pass over y. attrs and inputs are those of the norm. It gives the
// same bits as activate(batch_norm(x)), which is what it is differentiated through.
func BatchNormRelu(b *graph.Builder, attrs NormAttrs, in ...*graph.Value) (y, mean, variance *graph.Value) {
	out := b.Add(&batchNormReluOp, attrs, in...)
	return out[0], out[1], out[2]
}

func init() {
	batchNormReluOp = graph.Op{
		Name:  "batch_norm_relu",
		Doc:   "y = max(0, (x - mean)·gamma/√(variance + eps) + beta) by channel; also mean and variance of the batch",
		Infer: inferBatchNorm,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			out := b.Add(&batchNormOp, n.Attrs, n.Inputs...)
			return []*graph.Value{Activate(b, out[0], vec.ActRelu, 0), out[1], out[2]}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			evalBatchNorm(n, in, out)
			relu64(out[0].F)
		},
		Kernel:  func(n *graph.Node) graph.Kernel { return batchNorm(n, true) },
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(8),
		Cases: []graph.Case{
			{Name: "both", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(6, 4), graph.Normal(4), graph.Normal(4)}},
			{Name: "plain", Attrs: NormAttrs{1e-3, false, false}, In: []graph.Arg{graph.Normal(5, 3)}},
			{Name: "gamma", Attrs: NormAttrs{1e-3, true, false}, In: []graph.Arg{graph.Normal(2, 3, 5), graph.Normal(5)}},
			{Name: "image", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(3, 9, 7, 16), graph.Normal(16), graph.Normal(16)}},
		},
	}
	graph.Ops.Register(batchNormReluOp.Name, batchNormReluOp.Doc, &batchNormReluOp)
}

func relu64(x []float64) {
	for i, v := range x {
		x[i] = max(v, 0)
	}
}
