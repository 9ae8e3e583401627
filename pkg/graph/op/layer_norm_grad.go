package op

import (
	"fmt"

	"dnn/internal/kernel/norm"
	"dnn/pkg/graph"
)

var layerNormGradOp graph.Op

// layer_norm_grad reads dy, x, mean, rstd and gamma if there is one. It gives dx, then dgamma and dbeta as far as the
// layer has them: with h = (x - mean)·rstd and g = dy·gamma,
//
//	dx = rstd·(g - Σg/n - h·Σ(g·h)/n),  dgamma = Σ dy·h,  dbeta = Σ dy
func init() {
	layerNormGradOp = graph.Op{
		Name:   "layer_norm_grad",
		Doc:    "dx, dgamma and dbeta of layer_norm, from dy, x, mean, rstd and gamma",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(NormAttrs)
			if err := expectNorm(NormAttrs{Eps: a.Eps, Gamma: a.Gamma}, in, 4); err != nil {
				return nil, err
			}
			x, rows := in[0].Shape, leading(in[0].Shape)
			if !in[1].Shape.Equal(x) || !in[2].Shape.Equal(rows) || !in[3].Shape.Equal(rows) {
				return nil, fmt.Errorf("dy %v, x %v, mean %v and rstd %v do not fit", x, in[1].Shape, in[2].Shape, in[3].Shape)
			}
			out := []graph.Type{in[0]}
			for _, present := range []bool{a.Gamma, a.Beta} {
				if present {
					out = append(out, graph.Floats(x.Last()))
				}
			}
			return out, nil
		},
		Eval:      evalLayerNormGrad,
		Kernel:    layerNormGradKernel,
		InPlace:   []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:      cost(16),
		Tolerance: 1.5e-6,
		Cases: []graph.Case{
			normGradCase("both", NormAttrs{1e-5, true, true}, graph.Shape{5}, 5, 7),
			normGradCase("plain", NormAttrs{1e-5, false, false}, graph.Shape{5}, 5, 7),
			normGradCase("gamma", NormAttrs{1e-5, true, false}, graph.Shape{2, 3}, 2, 3, 5),
			normGradCase("beta", NormAttrs{1e-5, false, true}, graph.Shape{3}, 3, 4),
			normGradCase("tall", NormAttrs{1e-5, true, true}, graph.Shape{2100}, 2100, 3),
			normGradCase("wide", NormAttrs{1e-5, true, true}, graph.Shape{3}, 3, 1500),
		},
	}
	graph.Ops.Register(layerNormGradOp.Name, layerNormGradOp.Doc, &layerNormGradOp)
}

// normGradCase draws dy, x, a mean, a second statistic (positive) and gamma.
func normGradCase(name string, a NormAttrs, stats graph.Shape, x ...int) graph.Case {
	in := []graph.Arg{graph.Normal(x...), graph.Normal(x...), graph.Normal(stats...), graph.Uniform(0.5, 1.5, stats...)}
	if a.Gamma {
		in = append(in, graph.Normal(x[len(x)-1]))
	}
	return graph.Case{Name: name, Attrs: a, In: in}
}

// layerNormParams finds dgamma and dbeta among the outputs.
func layerNormParams(a NormAttrs) func(c *graph.Call) (dgamma, dbeta []float32) {
	return func(c *graph.Call) ([]float32, []float32) {
		dgamma, dbeta := affine(a, c.Out, 1)
		return dgamma.F, dbeta.F
	}
}

// The sums over rows come first, because dx may take the place of dy or x.
func layerNormGradKernel(n *graph.Node) graph.Kernel {
	a, s := n.Attrs.(NormAttrs), n.Inputs[0].Shape
	rows, cols := rowsOf(s), s.Last()
	var k graph.Kernel
	if a.Gamma || a.Beta {
		paramGradients(&k, s, layerNormParams(a), func(c *graph.Call, dgamma, dbeta []float32, first, rows, lo, hi int) {
			norm.LayerNormGradParams(dgamma, dbeta, c.In[0].F[first*cols:], c.In[1].F[first*cols:], c.In[2].F[first:], c.In[3].F[first:],
				rows, cols, lo, hi)
		})
	}
	k.Phases = append(k.Phases, byRows(rows, cols, func(c *graph.Call, lo, hi int) {
		var gamma []float32
		if a.Gamma {
			gamma = c.In[4].F
		}
		norm.LayerNormGradX(c.Out[0].F, c.In[0].F, c.In[1].F, gamma, c.In[2].F, c.In[3].F, cols, lo, hi)
	}))
	return k
}

func evalLayerNormGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, _ := affine(NormAttrs{Gamma: a.Gamma}, in, 4)
	dgamma, dbeta := affine(a, out, 1)
	cols := n.Inputs[0].Shape.Last()
	count := float64(cols)
	for i := range rowsOf(n.Inputs[0].Shape) {
		dy, x, dx := in[0].F[i*cols:(i+1)*cols], in[1].F[i*cols:(i+1)*cols], out[0].F[i*cols:(i+1)*cols]
		mean, rstd := in[2].F[i], in[3].F[i]
		sumG, sumGH := 0.0, 0.0
		for j, v := range x {
			h, g := (v-mean)*rstd, dy[j]*orElse64(gamma.F, j, 1)
			sumG, sumGH = sumG+g, sumGH+g*h
			if a.Gamma {
				dgamma.F[j] += dy[j] * h
			}
			if a.Beta {
				dbeta.F[j] += dy[j]
			}
		}
		for j, v := range x {
			h, g := (v-mean)*rstd, dy[j]*orElse64(gamma.F, j, 1)
			dx[j] = rstd * (g - sumG/count - h*sumGH/count)
		}
	}
}
