package op

import (
	"fmt"
	"math"

	"dnn/internal/kernel/norm"
	"dnn/pkg/graph"
)

var rmsNormOp graph.Op

// RMSNorm scales along the last axis to a mean square of 1 (Zhang & Sennrich 2019, eq. 4):
//
//	y = x·r·gamma,  r = 1/√(Σx²/n + eps)
//
// for x and y [.., n], gamma [n] or nil, r [..]; eps ≥ 0. Its gradient is rms_norm_grad.
func RMSNorm(b *graph.Builder, x, gamma *graph.Value, eps float64) (y, r *graph.Value) {
	a, in := normInputs(eps, gamma, nil, x)
	out := b.Add(&rmsNormOp, a, in...)
	return out[0], out[1]
}

func init() {
	rmsNormOp = graph.Op{
		Name: "rms_norm",
		Doc:  "y = x·r·gamma along the last axis, r = 1/√(mean of x² + eps); also r",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(NormAttrs)
			if a.Beta {
				return nil, fmt.Errorf("it has no beta")
			}
			if err := expectNorm(a, in, 1); err != nil {
				return nil, err
			}
			return []graph.Type{in[0], graph.Floats(leading(in[0].Shape)...)}, nil
		},
		Grad: gradRMSNorm,
		Eval: evalRMSNorm,
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(NormAttrs)
			return rowwise(n, func(c *graph.Call, cols, lo, hi int) {
				gamma, _ := affine(a, c.In, 1)
				norm.RMSNorm(c.Out[0].F, c.Out[1].F, c.In[0].F, gamma.F, cols, float32(a.Eps), lo, hi)
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}},
		Cost:    cost(6),
		Cases: []graph.Case{
			{Name: "gamma", Attrs: NormAttrs{1e-5, true, false}, In: []graph.Arg{graph.Normal(5, 7), graph.Normal(7)}},
			{Name: "plain", Attrs: NormAttrs{1e-5, false, false}, In: []graph.Arg{graph.Normal(2, 3, 9)}},
			{Name: "vector", Attrs: NormAttrs{1e-3, true, false}, In: []graph.Arg{graph.Normal(8), graph.Normal(8)}},
			{Name: "tall", Attrs: NormAttrs{1e-5, true, false}, In: []graph.Arg{graph.Normal(1100, 5), graph.Normal(5)}},
		},
	}
	graph.Ops.Register(rmsNormOp.Name, rmsNormOp.Doc, &rmsNormOp)
}

func gradRMSNorm(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
	a, x, r := n.Attrs.(NormAttrs), n.Inputs[0], n.Outputs[1]
	grads := make([]*graph.Value, len(n.Inputs))
	if dout[0] != nil {
		in := []*graph.Value{dout[0], x, r}
		if a.Gamma {
			in = append(in, n.Inputs[1])
		}
		copy(grads, b.Add(&rmsNormGradOp, a, in...)) // dx, then dgamma if there is a gamma
	}
	if dout[1] != nil { // dr/dx = -r³·x/n
		d := Mul(b, Scale(b, dout[1], -1/float64(x.Shape.Last())), Mul(b, r, Square(b, r)))
		grads[0] = addGradient(b, grads[0], Mul(b, x, column(b, d)))
	}
	return grads
}

func evalRMSNorm(n *graph.Node, in, out []graph.Ref) {
	a := n.Attrs.(NormAttrs)
	gamma, _ := affine(a, in, 1)
	cols := n.Inputs[0].Shape.Last()
	for i := range rowsOf(n.Inputs[0].Shape) {
		x, y := in[0].F[i*cols:(i+1)*cols], out[0].F[i*cols:(i+1)*cols]
		squares := 0.0
		for _, v := range x {
			squares += v * v
		}
		r := 1 / math.Sqrt(squares/float64(cols)+a.Eps)
		for j, v := range x {
			y[j] = v * r * orElse64(gamma.F, j, 1)
		}
		out[1].F[i] = r
	}
}
