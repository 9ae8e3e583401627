package op

import (
	"fmt"

	"dnn/internal/kernel/norm"
	"dnn/pkg/graph"
)

var rmsNormGradOp graph.Op

// rms_norm_grad reads dy, x, r and gamma if there is one. It gives dx, and dgamma if there is a gamma: with h = x·r and
// g = dy·gamma,
//
//	dx = r·(g - h·Σ(g·h)/n),  dgamma = Σ dy·h
func init() {
	rmsNormGradOp = graph.Op{
		Name:   "rms_norm_grad",
		Doc:    "dx and dgamma of rms_norm, from dy, x, r and gamma",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(NormAttrs)
			if err := expectNorm(a, in, 3); err != nil {
				return nil, err
			}
			x := in[0].Shape
			if !in[1].Shape.Equal(x) || !in[2].Shape.Equal(leading(x)) {
				return nil, fmt.Errorf("dy %v, x %v and r %v do not fit", x, in[1].Shape, in[2].Shape)
			}
			if !a.Gamma {
				return in[:1:1], nil
			}
			return []graph.Type{in[0], graph.Floats(x.Last())}, nil
		},
		Eval:      evalRMSNormGrad,
		Kernel:    rmsNormGradKernel,
		InPlace:   []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:      cost(10),
		Tolerance: 1.5e-6,
		Cases: []graph.Case{
			rmsNormGradCase("gamma", true, graph.Shape{5}, 5, 7),
			rmsNormGradCase("plain", false, graph.Shape{2, 3}, 2, 3, 5),
			rmsNormGradCase("tall", true, graph.Shape{2100}, 2100, 3),
			rmsNormGradCase("wide", true, graph.Shape{3}, 3, 1500),
			rmsNormGradCase("wide, plain", false, graph.Shape{3}, 3, 1500),
		},
	}
	graph.Ops.Register(rmsNormGradOp.Name, rmsNormGradOp.Doc, &rmsNormGradOp)
}

func rmsNormGradCase(name string, gamma bool, r graph.Shape, x ...int) graph.Case {
	in := []graph.Arg{graph.Normal(x...), graph.Normal(x...), graph.Uniform(0.5, 1.5, r...)}
	if gamma {
		in = append(in, graph.Normal(x[len(x)-1]))
	}
	return graph.Case{Name: name, Attrs: NormAttrs{1e-5, gamma, false}, In: in}
}

// The sum over rows comes first, because dx may take the place of dy or x.
func rmsNormGradKernel(n *graph.Node) graph.Kernel {
	a, s := n.Attrs.(NormAttrs), n.Inputs[0].Shape
	rows, cols := rowsOf(s), s.Last()
	var k graph.Kernel
	if a.Gamma {
		out := func(c *graph.Call) (dgamma, dbeta []float32) { return c.Out[1].F, nil }
		paramGradients(&k, s, out, func(c *graph.Call, dgamma, _ []float32, first, rows, lo, hi int) {
			norm.RMSNormGradParams(dgamma, c.In[0].F[first*cols:], c.In[1].F[first*cols:], c.In[2].F[first:], rows, cols, lo, hi)
		})
	}
	k.Phases = append(k.Phases, byRows(rows, cols, func(c *graph.Call, lo, hi int) {
		gamma, _ := affine(a, c.In, 3)
		norm.RMSNormGradX(c.Out[0].F, c.In[0].F, c.In[1].F, gamma.F, c.In[2].F, cols, lo, hi)
	}))
	return k
}

func evalRMSNormGrad(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, _ := affine(a, in, 3)
	cols := n.Inputs[0].Shape.Last()
	for i := range rowsOf(n.Inputs[0].Shape) {
		r, sum := in[2].F[i], 0.0
		for j := range cols {
			at := i*cols + j
			h := in[1].F[at] * r
			sum += in[0].F[at] * orElse64(gamma.F, j, 1) * h
			if a.Gamma {
				out[1].F[j] += in[0].F[at] * h
			}
		}
		for j := range cols {
			at := i*cols + j
			out[0].F[at] = r * (in[0].F[at]*orElse64(gamma.F, j, 1) - in[1].F[at]*r*sum/float64(cols))
		}
	}
}
