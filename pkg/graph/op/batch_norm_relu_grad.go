package op

import (
	"slices"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var batchNormReluGradOp graph.Op

// BatchNormReluGrad is batch_norm_grad of what a relu behind the norm lets through, dy where the norm is above 0, which is
// computed again instead of being read:
//
//	dx, dgamma, dbeta = batch_norm_grad(dy·[batch_norm_apply(x) > 0], x, mean, variance, gamma)
//
// It reads dy, x, mean, variance, and gamma and beta as far as the norm has them, and gives the same bits as the two.
func BatchNormReluGrad(b *graph.Builder, attrs NormAttrs, in ...*graph.Value) []*graph.Value {
	return b.Add(&batchNormReluGradOp, attrs, in...)
}

func init() {
	batchNormReluGradOp = graph.Op{
		Name:  "batch_norm_relu_grad",
		Doc:   "dx, dgamma and dbeta of batch_norm_relu, from dy, x, mean, variance, gamma and beta",
		Infer: inferBatchNormGrad,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			a, dy := n.Attrs.(NormAttrs), n.Inputs[0]
			y := b.One(&batchNormApplyOp, a, n.Inputs[1:]...)
			dz := activateGrad(b, y, y, dy, ActivateAttrs{Act: vec.ActRelu})
			in := append([]*graph.Value{dz}, n.Inputs[1:4]...)
			if a.Gamma {
				in = append(in, n.Inputs[4])
			}
			return b.Add(&batchNormGradOp, NormAttrs{Eps: a.Eps, Gamma: a.Gamma}, in...)
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			y := make([]float64, len(in[1].F))
			evalBatchNormApply(n, in[1:], []graph.Ref{{F: y}})
			dz := slices.Clone(in[0].F)
			for i, v := range y {
				if !(v > 0) {
					dz[i] = 0
				}
			}
			evalBatchNormGrad(n, append([]graph.Ref{{F: dz}}, in[1:]...), out)
		},
		Kernel:    func(n *graph.Node) graph.Kernel { return batchNormGrad(n, true) },
		InPlace:   []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:      cost(18),
		Tolerance: 1.5e-6,
		Cases: []graph.Case{
			normReluGradCase("both", NormAttrs{1e-5, true, true}, 6, 4),
			normReluGradCase("plain", NormAttrs{1e-3, false, false}, 2, 3, 5),
			normReluGradCase("beta", NormAttrs{1e-3, false, true}, 9, 3),
			normReluGradCase("tall", NormAttrs{1e-5, true, true}, 2, 40, 30, 3),
			normReluGradCase("wide", NormAttrs{1e-5, true, false}, 33, 150),
		},
	}
	graph.Ops.Register(batchNormReluGradOp.Name, batchNormReluGradOp.Doc, &batchNormReluGradOp)
}

func normReluGradCase(name string, a NormAttrs, x ...int) graph.Case {
	c := normGradCase(name, a, graph.Shape{x[len(x)-1]}, x...)
	if a.Beta {
		c.In = append(c.In, graph.Normal(x[len(x)-1]))
	}
	return c
}
