package op

import (
	"fmt"
	"math"

	"dnn/internal/kernel/norm"
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var batchNormGradOp graph.Op

// batch_norm_grad reads dy, x, mean, variance and gamma if there is one. It always gives dx, dgamma and dbeta, for dx needs
// the two sums: with r = 1/√(variance + eps) and h = (x - mean)·r,
//
//	dgamma = Σ dy·h,  dbeta = Σ dy,  dx = gamma·r·(dy - dbeta/rows - h·dgamma/rows)
func init() {
	batchNormGradOp = graph.Op{
		Name:      "batch_norm_grad",
		Doc:       "dx, dgamma and dbeta of batch_norm, from dy, x, mean, variance and gamma",
		NoGrad:    firstOrder,
		Infer:     inferBatchNormGrad,
		Eval:      evalBatchNormGrad,
		Kernel:    func(n *graph.Node) graph.Kernel { return batchNormGrad(n, false) },
		InPlace:   []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:      cost(14),
		Tolerance: 1.5e-6,
		Cases: []graph.Case{
			normGradCase("gamma", NormAttrs{1e-5, true, false}, graph.Shape{4}, 6, 4),
			normGradCase("plain", NormAttrs{1e-3, false, false}, graph.Shape{5}, 2, 3, 5),
			normGradCase("tall", NormAttrs{1e-5, true, false}, graph.Shape{3}, 2, 40, 30, 3),
			normGradCase("wide", NormAttrs{1e-5, true, false}, graph.Shape{150}, 33, 150),
		},
	}
	graph.Ops.Register(batchNormGradOp.Name, batchNormGradOp.Doc, &batchNormGradOp)
}

func inferBatchNormGrad(attrs any, in []graph.Type) ([]graph.Type, error) {
	if err := expectNorm(attrs.(NormAttrs), in, 4); err != nil {
		return nil, err
	}
	if !in[1].Shape.Equal(in[0].Shape) {
		return nil, fmt.Errorf("dy is %v, x %v", in[0].Shape, in[1].Shape)
	}
	stats := graph.Floats(in[0].Shape.Last())
	return []graph.Type{in[0], stats, stats}, expectVectors(in[0].Shape, in[2:4])
}

// batchNormGrad is the kernel of the gradient. With a relu behind the norm, dy counts only where the norm was above 0,
// which is computed again, and there are gamma and beta as far as the norm has them. The sums over rows come first,
// because dx may take the place of dy or x.
func batchNormGrad(n *graph.Node, relu bool) graph.Kernel {
	a, s := n.Attrs.(NormAttrs), n.Inputs[0].Shape
	rows, cols := rowsOf(s), s.Last()
	k := graph.Kernel{Scratch: 5 * cols}
	parts := func(c *graph.Call) (rstd, scale, shift, p, q []float32) {
		at := func(i int) []float32 { return part(c.Scratch, i, cols) }
		if rstd, scale, p, q = at(0), at(1), at(3), at(4); relu {
			shift = at(2)
		}
		return rstd, scale, shift, p, q
	}
	k.Phases = append(k.Phases, cut(cols, chunk, func(c *graph.Call, lo, hi int) {
		gamma, beta := affine(a, c.In, 4)
		fillRstd(c.Scratch[:cols], c.In[3].F, a.Eps, lo, hi)
		copy(c.Scratch[cols+lo:cols+hi], c.Scratch[lo:hi])
		fillAffine(c.Scratch[cols:2*cols], c.Scratch[2*cols:3*cols], gamma.F, beta.F, lo, hi)
	}))
	out := func(c *graph.Call) (dgamma, dbeta []float32) { return c.Out[1].F, c.Out[2].F }
	paramGradients(&k, n.Inputs[0].Shape, out, func(c *graph.Call, dgamma, dbeta []float32, first, rows, lo, hi int) {
		_, scale, shift, _, _ := parts(c)
		norm.NormGradSums(dgamma, dbeta, c.In[0].F[first*cols:], c.In[1].F[first*cols:], c.In[2].F, scale, shift, rows, cols, lo, hi)
	})
	k.Phases = append(k.Phases, cut(cols, chunk, func(c *graph.Call, lo, hi int) {
		rstd, scale, _, p, q := parts(c)
		dgamma, dbeta, r := c.Out[1].F[lo:hi], c.Out[2].F[lo:hi], -1/float32(rows)
		vec.Mul(dgamma, dgamma, rstd[lo:hi])
		vec.Scale(q[lo:hi], scale[lo:hi], r)
		vec.Mul(p[lo:hi], q[lo:hi], rstd[lo:hi])
		vec.Mul(p[lo:hi], p[lo:hi], dgamma)
		vec.Mul(q[lo:hi], q[lo:hi], dbeta)
	}), byRows(rows, cols, func(c *graph.Call, lo, hi int) {
		_, scale, shift, p, q := parts(c)
		norm.NormGradX(c.Out[0].F, c.In[0].F, c.In[1].F, c.In[2].F, scale, p, q, shift, cols, lo, hi)
	}))
	return k
}

func evalBatchNormGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, _ := affine(a, in, 4)
	dx, dgamma, dbeta := out[0].F, out[1].F, out[2].F
	cols, rows := len(dgamma), float64(rowsOf(n.Inputs[0].Shape))
	normal := func(i int) float64 { return (in[1].F[i] - in[2].F[i%cols]) / math.Sqrt(in[3].F[i%cols]+a.Eps) }
	for i, dy := range in[0].F {
		dgamma[i%cols] += dy * normal(i)
		dbeta[i%cols] += dy
	}
	for i, dy := range in[0].F {
		j := i % cols
		scale := orElse64(gamma.F, j, 1) / math.Sqrt(in[3].F[j]+a.Eps)
		dx[i] = scale * (dy - dbeta[j]/rows - normal(i)*dgamma[j]/rows)
	}
}
