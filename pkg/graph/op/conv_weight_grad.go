package op

import (
	"fmt"

	"dnn/internal/kernel/conv"
	"dnn/pkg/graph"
)

var convWeightGradOp graph.Op

// ConvWeightGrad is the gradient of a convolution by its weights:
//
//	x [B, in.., C], dy [B, out.., O], dw [O, C/groups, kernel..]
//	dw[o,c,t] = Σ_b Σ_p x[b, p·stride + t·dilation - before, c]·dy[b,p,o]
//
// The sum is cut by its shape alone into pieces, each of which is one chain of fma; they are added in order. It is a
// gradient itself and has none.
func ConvWeightGrad(b *graph.Builder, x, dy *graph.Value, win Window, groups int) *graph.Value {
	return b.One(&convWeightGradOp, ConvAttrs{win, groups}, x, dy)
}

func init() {
	convWeightGradOp = graph.Op{
		Name:   "conv_weight_grad",
		Doc:    "dw of y = x∗w, from x and dy",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 2); err != nil {
				return nil, err
			}
			s, err := attrs.(ConvAttrs).inferWeights(in[0], in[1])
			return []graph.Type{graph.Floats(s...)}, err
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			x, dy, dw := in[0].F, in[1].F, out[0].F
			clear(dw)
			eachProduct(convWeightShape(n), func(xi, wi, yi int) { dw[wi] += x[xi] * dy[yi] })
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			v := convWeightShape(n).Weights()
			return graph.Kernel{Scratch: v.Scratch, Local: v.Local, Phases: []graph.Phase{
				{Units: v.Units, Run: func(c *graph.Call, lo, hi int) {
					v.Run(c.In[0].F, c.In[1].F, c.Scratch, c.Local, lo, hi)
				}},
				{Units: v.JoinUnits, Run: func(c *graph.Call, lo, hi int) { v.Join(c.Out[0].F, c.Scratch, c.Local, lo, hi) }},
			}}
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, convWeightShape(n).Flops())
		},
		Tolerance: 3e-6,
		Cases:     convCases(func(c convCase) []graph.Arg { return []graph.Arg{c.x(), c.y()} }),
	}
	graph.Ops.Register(convWeightGradOp.Name, convWeightGradOp.Doc, &convWeightGradOp)
}

// inferWeights checks x and dy and returns the shape of dw.
func (a ConvAttrs) inferWeights(x, dy graph.Type) (graph.Shape, error) {
	in, err := expectSpatial(x.Shape, a.Window.Rank)
	if err != nil {
		return nil, err
	}
	out, err := a.Window.Out(in)
	if err != nil {
		return nil, err
	}
	y := dy.Shape
	if y.Rank() != x.Shape.Rank() || y[0] != x.Shape[0] || !y[1:1+a.Window.Rank].Equal(out) {
		return nil, fmt.Errorf("dy is %v, but the window %v makes %v of %v", y, a.Window, graph.Shape(out), x.Shape)
	}
	if a.Groups < 1 || x.Shape.Last()%a.Groups != 0 || y.Last()%a.Groups != 0 {
		return nil, fmt.Errorf("%d and %d channels do not fall into %d groups", x.Shape.Last(), y.Last(), a.Groups)
	}
	return append(graph.Shape{y.Last(), x.Shape.Last() / a.Groups}, a.Window.Kernel[:a.Window.Rank]...), nil
}

func convWeightShape(n *graph.Node) conv.Shape {
	a := n.Attrs.(ConvAttrs)
	return a.Window.shape(n.Inputs[0].Shape, n.Inputs[1].Shape, a.Groups)
}
