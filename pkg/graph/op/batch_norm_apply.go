package op

import (
	"dnn/internal/kernel/norm"
	"dnn/pkg/graph"
)

var batchNormApplyOp graph.Op

// BatchNormApply normalizes each channel of the last axis by given statistics, as in inference and in frozen layers:
//
//	y = (x - mean)·gamma/√(variance + eps) + beta
//
// for x and y [.., n], mean and variance [n], gamma and beta [n] or nil, eps ≥ 0. Gradients flow to every input; those of
// x are dx = dy·gamma/√(variance + eps).
func BatchNormApply(b *graph.Builder, x, gamma, beta, mean, variance *graph.Value, eps float64) *graph.Value {
	a, in := normInputs(eps, gamma, beta, x, mean, variance)
	return b.One(&batchNormApplyOp, a, in...)
}

func init() {
	batchNormApplyOp = graph.Op{
		Name:    "batch_norm_apply",
		Doc:     "y = (x - mean)·gamma/√(variance + eps) + beta by channel, with given statistics",
		Infer:   inferBatchNormApply,
		Grad:    gradBatchNormApply,
		Eval:    evalBatchNormApply,
		Kernel:  func(n *graph.Node) graph.Kernel { return batchNormApply(n, false) },
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(4),
		Cases: []graph.Case{
			normApplyCase("both", NormAttrs{1e-5, true, true}, 6, 4),
			normApplyCase("plain", NormAttrs{1e-3, false, false}, 2, 3, 5),
			normApplyCase("gamma", NormAttrs{1e-3, true, false}, 5, 1),
			normApplyCase("beta", NormAttrs{1e-3, false, true}, 50, 150),
		},
	}
	graph.Ops.Register(batchNormApplyOp.Name, batchNormApplyOp.Doc, &batchNormApplyOp)
}

func inferBatchNormApply(attrs any, in []graph.Type) ([]graph.Type, error) {
	if err := expectNorm(attrs.(NormAttrs), in, 3); err != nil {
		return nil, err
	}
	return in[:1:1], expectVectors(in[0].Shape, in[1:3])
}

func evalBatchNormApply(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, beta := affine(a, in, 3)
	normalize64(out[0].F, in[0].F, in[1].F, in[2].F, gamma.F, beta.F, a.Eps)
}

// batchNormApply is the kernel of the norm, alone or with a relu behind it.
func batchNormApply(n *graph.Node, relu bool) graph.Kernel {
	a, s := n.Attrs.(NormAttrs), n.Inputs[0].Shape
	cols := s.Last()
	return graph.Kernel{Scratch: 2 * cols, Phases: []graph.Phase{
		cut(cols, chunk, func(c *graph.Call, lo, hi int) {
			gamma, beta := affine(a, c.In, 3)
			fillRstd(c.Scratch[:cols], c.In[2].F, a.Eps, lo, hi)
			fillAffine(c.Scratch[:cols], c.Scratch[cols:2*cols], gamma.F, beta.F, lo, hi)
		}),
		byRows(rowsOf(s), cols, func(c *graph.Call, lo, hi int) {
			norm.NormalizeColumns(c.Out[0].F, c.In[0].F, c.In[1].F, c.Scratch[:cols], c.Scratch[cols:2*cols], cols, lo, hi, relu)
		}),
	}}
}

func normApplyCase(name string, a NormAttrs, x ...int) graph.Case {
	n := x[len(x)-1]
	in := []graph.Arg{graph.Normal(x...), graph.Normal(n), graph.Uniform(0.3, 2, n)}
	for _, present := range []bool{a.Gamma, a.Beta} {
		if present {
			in = append(in, graph.Normal(n))
		}
	}
	return graph.Case{Name: name, Attrs: a, In: in}
}

func gradBatchNormApply(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
	a, dy := n.Attrs.(NormAttrs), dout[0]
	x, mean, variance := n.Inputs[0], n.Inputs[1], n.Inputs[2]
	gamma, _ := affine(a, n.Inputs, 3)
	rstd := Div(b, b.Scalar(1), Sqrt(b, AddScalar(b, variance, a.Eps)))
	scale := rstd
	if a.Gamma {
		scale = Mul(b, gamma, rstd)
	}
	dx := Mul(b, dy, scale)
	dh := sumTo(b, Mul(b, dy, Sub(b, x, mean)), mean.Shape) // Σ dy·(x - mean)
	dmean := Scale(b, sumTo(b, dx, mean.Shape), -1)
	dvariance := Scale(b, Mul(b, Mul(b, dh, scale), Square(b, rstd)), -0.5)
	grads := []*graph.Value{dx, dmean, dvariance}
	if a.Gamma {
		grads = append(grads, Mul(b, dh, rstd))
	}
	if a.Beta {
		grads = append(grads, sumTo(b, dy, mean.Shape))
	}
	return grads
}
