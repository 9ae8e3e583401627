package op

import (
	"fmt"

	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

// ConvTransposeAttrs are those of the convolution whose gradient it is, and the spatial extents of the result, of which
// only as many count as the window has axes.
type ConvTransposeAttrs struct {
	Window Window
	Groups int
	Out    [3]int
}

var convTransposeOp graph.Op

// ConvTranspose is the transposed convolution, y = x∗ᵀw + bias: the gradient of a Conv by its input, which also serves as
// a layer that enlarges images.
//
//	x [B, o.., O], w [O, C/groups, kernel..], bias [C] or nil, y [B, out.., C]
//	y[b, p·stride + t·dilation - before, c] = Σ x[b,p,o]·w[o,c,t] + bias[c]
//
// win is that of the convolution from y to x, so win.Out(out) must be o. It is summed as
// Conv does, over descending taps.
//
//	dx = Conv(dy, w), dw = ConvWeightGrad(dy, x), dbias = Σ dy
func ConvTranspose(b *graph.Builder, x, w, bias *graph.Value, win Window, groups int, out []int) *graph.Value {
	a := ConvTransposeAttrs{Window: win, Groups: groups}
	copy(a.Out[:], out)
	y := b.One(&convTransposeOp, a, x, w)
	if bias != nil {
		y = Add(b, y, bias)
	}
	return y
}

func init() {
	convTransposeOp = graph.Op{
		Name: "conv_transpose",
		Doc:  "y = x∗ᵀw, a transposed convolution: the gradient of a convolution by its input",
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			if err := expectFloats(in, 2); err != nil {
				return nil, err
			}
			s, err := attrs.(ConvTransposeAttrs).infer(in[0], in[1])
			return []graph.Type{graph.Floats(s...)}, err
		},
		Grad: func(b *graph.Builder, n *graph.Node, dout []*graph.Value) []*graph.Value {
			a := n.Attrs.(ConvTransposeAttrs)
			x, w, dy := n.Inputs[0], n.Inputs[1], dout[0]
			return []*graph.Value{Conv(b, dy, w, nil, a.Window, a.Groups), ConvWeightGrad(b, dy, x, a.Window, a.Groups)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			dy, w, dx := in[0].F, in[1].F, out[0].F
			clear(dx)
			eachProduct(convTransposeShape(n), func(xi, wi, yi int) { dx[xi] += dy[yi] * w[wi] })
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			return convKernel(convTransposeShape(n).Inverse(), func(*graph.Call) gemm.Epilogue { return gemm.Epilogue{} })
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, convTransposeShape(n).Flops())
		},
		Tolerance: 3e-6,
		Cases:     convTransposeCases(func(c convCase) []graph.Arg { return []graph.Arg{c.y(), c.w()} }),
	}
	graph.Ops.Register(convTransposeOp.Name, convTransposeOp.Doc, &convTransposeOp)
}

func (a ConvTransposeAttrs) infer(x, w graph.Type) (graph.Shape, error) {
	from, err := expectSpatial(x.Shape, a.Window.Rank)
	if err != nil {
		return nil, err
	}
	if err := (ConvAttrs{a.Window, a.Groups}).checkWeights(w.Shape); err != nil {
		return nil, err
	}
	if x.Shape.Last() != w.Shape[0] {
		return nil, fmt.Errorf("x is %v and w %v: %d channels and %d differ", x.Shape, w.Shape, x.Shape.Last(), w.Shape[0])
	}
	out := a.Out[:a.Window.Rank]
	back, err := a.Window.Out(out)
	if err != nil {
		return nil, err
	}
	if !graph.Shape(back).Equal(from) {
		return nil, fmt.Errorf("x is %v, but the window %v makes %v of %v", x.Shape, a.Window, graph.Shape(back), graph.Shape(out))
	}
	return append(append(graph.Shape{x.Shape[0]}, out...), w.Shape[1]*a.Groups), nil
}

// convTransposeShape is the convolution whose gradient a node is.
func convTransposeShape(n *graph.Node) conv.Shape {
	a := n.Attrs.(ConvTransposeAttrs)
	return a.Window.shape(n.Outputs[0].Shape, n.Inputs[0].Shape, a.Groups)
}
