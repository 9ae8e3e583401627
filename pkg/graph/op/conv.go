package op

import (
	"fmt"

	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

// ConvAttrs are the settings of a convolution: C channels in fall into groups, of which each gives its part of the output.
type ConvAttrs struct {
	Window Window
	Groups int
}

var convOp graph.Op

// Conv is y = x∗w + bias, a convolution (as nets know it: the kernel is not flipped) over one to three spatial axes:
//
//	x [B, in.., C], w [O, C/groups, kernel..], bias [O] or nil, y [B, out.., O]
//	y[b,p,o] = Σ_t Σ_c x[b, p·stride + t·dilation - before, c]·w[o,c,t] + bias[o]
//
// where out is win.Out(in), x is 0 beyond its edges, and c runs over the channels of o's group. C and O must be multiples
// of groups. Each element is one chain of fma over taps and then channels, or for many channels and 3×3 taps without strides
// is had by minimal filtering; which, is settled by the shape of an image and of w.
//
//	dx = the transposed convolution of dy, dw = ConvWeightGrad(x, dy), dbias = Σ dy
func Conv(b *graph.Builder, x, w, bias *graph.Value, win Window, groups int) *graph.Value {
	y := b.One(&convOp, ConvAttrs{win, groups}, x, w)
	if bias != nil {
		y = Add(b, y, bias)
	}
	return y
}

func init() {
	convOp = graph.Op{
		Name: "conv",
		Doc:  "y = x∗w, a convolution over one to three spatial axes",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 2); err != nil {
				return nil, err
			}
			s, err := attrs.(ConvAttrs).infer(in[0], in[1])
			return []graph.Type{graph.Floats(s...)}, err
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			a := n.Attrs.(ConvAttrs)
			x, w, dy := n.Inputs[0], n.Inputs[1], dout[0]
			return []*graph.Value{
				ConvTranspose(b, dy, w, nil, a.Window, a.Groups, x.Shape[1:1+a.Window.Rank]),
				ConvWeightGrad(b, x, dy, a.Window, a.Groups),
			}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			x, w, y := in[0].F, in[1].F, out[0].F
			clear(y)
			eachProduct(convShape(n), func(xi, wi, yi int) { y[yi] += x[xi] * w[wi] })
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return convKernel(convShape(n).Forward(), func(*graph.Call) gemm.Epilogue { return gemm.Epilogue{} })
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, convShape(n).Flops())
		},
		Tolerance: 3e-6,
		Cases:     convCases(func(c convCase) []graph.Arg { return []graph.Arg{c.x(), c.w()} }),
	}
	graph.Ops.Register(convOp.Name, convOp.Doc, &convOp)
}

// infer checks x and w and returns the shape of y.
func (a ConvAttrs) infer(x, w graph.Type) (graph.Shape, error) {
	in, err := expectSpatial(x.Shape, a.Window.Rank)
	if err != nil {
		return nil, err
	}
	out, err := a.Window.Out(in)
	if err != nil {
		return nil, err
	}
	if err := a.checkWeights(w.Shape); err != nil {
		return nil, err
	}
	if c := w.Shape[1] * a.Groups; x.Shape.Last() != c {
		return nil, fmt.Errorf("x is %v and w %v in %d groups: %d channels and %d differ", x.Shape, w.Shape, a.Groups, x.Shape.Last(), c)
	}
	return append(append(graph.Shape{x.Shape[0]}, out...), w.Shape[0]), nil
}

// checkWeights checks that w is [O, C/groups, kernel..].
func (a ConvAttrs) checkWeights(w graph.Shape) error {
	kernel := graph.Shape(a.Window.Kernel[:a.Window.Rank])
	if w.Rank() != a.Window.Rank+2 || !w[2:].Equal(kernel) {
		return fmt.Errorf("w is %v, want [out, in, kernel] with a kernel of %v", w, kernel)
	}
	if a.Groups < 1 || w[0]%a.Groups != 0 {
		return fmt.Errorf("w is %v: %d channels do not fall into %d groups", w, w[0], a.Groups)
	}
	return nil
}

func convShape(n *graph.Node) conv.Shape {
	a := n.Attrs.(ConvAttrs)
	return a.Window.shape(n.Inputs[0].Shape, n.Outputs[0].Shape, a.Groups)
}

// convKernel convolves input 0 with the weights in input 1.
func convKernel(v *conv.Conv, epilogue func(c *graph.Call) gemm.Epilogue) graph.Kernel {
	k := graph.Kernel{Scratch: v.Scratch, Local: v.Local}
	k.Phases = append(k.Phases, graph.Phase{Units: v.PackUnits, Run: func(c *graph.Call, lo, hi int) {
		v.Pack(c.Scratch, c.Local, c.In[1].F, lo, hi)
	}}, graph.Phase{Units: v.Units, Run: func(c *graph.Call, lo, hi int) {
		v.Run(c.Out[0].F, c.In[0].F, c.Scratch, c.Local, epilogue(c), lo, hi)
	}})
	return k
}
