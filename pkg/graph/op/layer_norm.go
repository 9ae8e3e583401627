package op

import (
	"math"

	"dnn/internal/kernel/norm"
	"dnn/pkg/graph"
)

var layerNormOp graph.Op

// LayerNorm normalizes along the last axis (Ba et al. 2016):
//
//	y = (x - mean)·rstd·gamma + beta,  rstd = 1/√(variance + eps)
//
// for x [.., n], gamma and beta [n] or nil, y [.., n], mean and rstd [..]. The variance is the biased one; eps ≥ 0. Its
// gradient is layer_norm_grad.
func LayerNorm(b *graph.Builder, x, gamma, beta *graph.Value, eps float64) (y, mean, rstd *graph.Value) {
	a, in := normInputs(eps, gamma, beta, x)
	out := b.Add(&layerNormOp, a, in...)
	return out[0], out[1], out[2]
}

func init() {
	layerNormOp = graph.Op{
		Name: "layer_norm",
		Doc:  "y = (x - mean)·rstd·gamma + beta along the last axis; also mean and rstd",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectNorm(attrs.(NormAttrs), in, 1); err != nil {
				return nil, err
			}
			stats := graph.Floats(leading(in[0].Shape)...)
			return []graph.Type{in[0], stats, stats}, nil
		},
		Grad: gradLayerNorm,
		Eval: evalLayerNorm,
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(NormAttrs)
			return rowwise(n, func(c *graph.Call, cols, lo, hi int) {
				gamma, beta := affine(a, c.In, 1)
				norm.LayerNorm(c.Out[0].F, c.Out[1].F, c.Out[2].F, c.In[0].F, gamma.F, beta.F, cols, float32(a.Eps), lo, hi)
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(8),
		Cases: []graph.Case{
			{Name: "both", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(5, 7), graph.Normal(7), graph.Normal(7)}},
			{Name: "plain", Attrs: NormAttrs{1e-5, false, false}, In: []graph.Arg{graph.Normal(3, 9)}},
			{Name: "gamma", Attrs: NormAttrs{1e-3, true, false}, In: []graph.Arg{graph.Normal(2, 3, 5), graph.Normal(5)}},
			{Name: "beta", Attrs: NormAttrs{1e-3, false, true}, In: []graph.Arg{graph.Normal(4, 6), graph.Normal(6)}},
			{Name: "vector", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(8), graph.Normal(8), graph.Normal(8)}},
			{Name: "tall", Attrs: NormAttrs{1e-5, true, true}, In: []graph.Arg{graph.Normal(1100, 5), graph.Normal(5), graph.Normal(5)}},
		},
	}
	graph.Ops.Register(layerNormOp.Name, layerNormOp.Doc, &layerNormOp)
}

func gradLayerNorm(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
	a, x, mean, rstd := n.Attrs.(NormAttrs), n.Inputs[0], n.Outputs[1], n.Outputs[2]
	grads := make([]*graph.Value, len(n.Inputs))
	if dout[0] != nil {
		in := []*graph.Value{dout[0], x, mean, rstd}
		if a.Gamma {
			in = append(in, n.Inputs[1])
		}
		copy(grads, b.Add(&layerNormGradOp, a, in...)) // dx, then dgamma and dbeta in the order of the inputs
	}
	count := float64(x.Shape.Last())
	if dout[1] != nil {
		d := BroadcastTo(b, column(b, Scale(b, dout[1], 1/count)), x.Shape...)
		grads[0] = addGradient(b, grads[0], d)
	}
	if dout[2] != nil { // d rstd/dx = -rstd³·(x - mean)/n
		r := Mul(b, Scale(b, dout[2], -1/count), Mul(b, rstd, Square(b, rstd)))
		d := Mul(b, Sub(b, x, column(b, mean)), column(b, r))
		grads[0] = addGradient(b, grads[0], d)
	}
	return grads
}

func evalLayerNorm(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, beta := affine(a, in, 1)
	cols := n.Inputs[0].Shape.Last()
	for i := range rowsOf(n.Inputs[0].Shape) {
		x, y := in[0].F[i*cols:(i+1)*cols], out[0].F[i*cols:(i+1)*cols]
		mean, variance := moments64(x, 0, 1)
		rstd := 1 / math.Sqrt(variance+a.Eps)
		for j, v := range x {
			y[j] = (v-mean)*rstd*orElse64(gamma.F, j, 1) + orElse64(beta.F, j, 0)
		}
		out[1].F[i], out[2].F[i] = mean, rstd
	}
}

// moments64 are the mean and the biased variance of every stride-th element.
func moments64(x []float64, from, stride int) (mean, variance float64) {
	count := 0.0
	for i := from; i < len(x); i += stride {
		mean += x[i]
		count++
	}
	mean /= count
	for i := from; i < len(x); i += stride {
		variance += (x[i] - mean) * (x[i] - mean)
	}
	return mean, variance / count
}
