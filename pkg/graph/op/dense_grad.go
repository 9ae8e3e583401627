package op

import (
	"fmt"

	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

var denseGradOp graph.Op

// DenseGrad is the gradient that a dense layer hands to the activation before it, in one pass over the result:
//
//	dx = (dz·w)·act'(of)
//	dz [m, k], w [k, n] or [n, k] with transW, of [m, n], dx [m, n]
//
// of is the activation's input or output, whichever act's GradNeeds names. It gives the same bits as
// activate_grad(matmul(dz, w), of). It is a gradient itself and has none.
func DenseGrad(b *graph.Builder, dz, w, of *graph.Value, act Act, alpha float64, transW bool) *graph.Value {
	return b.One(&denseGradOp, DenseAttrs{act, alpha, transW}, dz, w, of)
}

func init() {
	denseGradOp = graph.Op{
		Name:   "dense_grad",
		Doc:    "dx = (dz·w)·act'(of)",
		NoGrad: firstOrder,
		Infer:  inferDenseGrad,
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a := n.Attrs.(DenseAttrs)
			evalGemm(a.gemm(n), 1, out[0].F, in[0].F, in[1].F)
			for i, of := range in[2].F {
				out[0].F[i] *= ActivateAttrs{a.Act, a.Alpha}.slope(of, of)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(DenseAttrs)
			return gemmKernel(a.gemm(n), 1, func(c *graph.Call) gemm.Epilogue {
				return gemm.Epilogue{Grad: a.Act, GradAlpha: float32(a.Alpha), GradOf: c.In[2].F}
			})
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, n.Attrs.(DenseAttrs).gemm(n).Flops())
		},
		Tolerance: 1.5e-6,
		Cases:     denseGradCases(),
	}
	graph.Ops.Register(denseGradOp.Name, denseGradOp.Doc, &denseGradOp)
}

func inferDenseGrad(attrs any, in []graph.Type) ([]graph.Type, error) {
	a := attrs.(DenseAttrs)
	if err := expectFloats(in, 3); err != nil {
		return nil, err
	}
	if act := (ActivateAttrs{a.Act, a.Alpha}); act.check() != nil || act.gradInputs() != 2 {
		return nil, fmt.Errorf("%v has no derivative that is computed from its input or output", a.Act)
	}
	out, err := inferDense(attrs, in[:2])
	if err == nil && !in[2].Shape.Equal(out[0].Shape) {
		err = fmt.Errorf("%v · %v is %v, and the activation %v", in[0].Shape, in[1].Shape, out[0].Shape, in[2].Shape)
	}
	return out, err
}

func denseGradCases() []graph.Case {
	away := func(act Act, shape ...int) graph.Arg { return graph.OffKink(0.05, acts[act].kinks, shape...) }
	return []graph.Case{
		{Name: "relu", Attrs: DenseAttrs{Act: ActRelu},
			In: []graph.Arg{graph.Normal(5, 7), graph.Normal(7, 33), away(ActRelu, 5, 33)}},
		{Name: "gelu", Attrs: DenseAttrs{Act: ActGelu},
			In: []graph.Arg{graph.Normal(13, 3), graph.Normal(3, 6), away(ActGelu, 13, 6)}},
		{Name: "tanh transposed", Attrs: DenseAttrs{Act: ActTanh, TransW: true},
			In: []graph.Arg{graph.Normal(4, 5), graph.Normal(9, 5), graph.Uniform(-0.9, 0.9, 4, 9)}},
		{Name: "leaky, large", Attrs: DenseAttrs{Act: ActLeakyRelu, Alpha: 0.1},
			In: []graph.Arg{graph.Normal(70, 90), graph.Normal(90, 133), away(ActLeakyRelu, 70, 133)}},
	}
}
