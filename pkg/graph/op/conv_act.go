package op

import (
	"fmt"

	"dnn/internal/kernel/conv"
	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

// ConvActAttrs are the settings of a convolution, or if Transposed of the one whose transpose it is and the extents of
// the result, and what is done besides.
type ConvActAttrs struct {
	Window         Window
	Groups         int
	Transposed     bool
	Out            [3]int // as in ConvTransposeAttrs
	Bias, Residual bool   // which inputs follow x and w
	Act            Act
	Alpha          float64
}

var convActOp graph.Op

// ConvAct is y = act(x∗w + bias + residual), or with the transposed convolution, in one pass over y:
//
//	x and w as for Conv or ConvTranspose, bias [channels of y] or nil, residual as y or nil
//
// It gives the same bits as the ops it stands for, through which it is differentiated.
func ConvAct(b *graph.Builder, x, w, bias, residual *graph.Value, a ConvActAttrs) *graph.Value {
	in := []*graph.Value{x, w}
	a.Bias, a.Residual = bias != nil, residual != nil
	if a.Bias {
		in = append(in, bias)
	}
	if a.Residual {
		in = append(in, residual)
	}
	return b.One(&convActOp, a, in...)
}

func init() {
	convActOp = graph.Op{
		Name:  "conv_act",
		Doc:   "y = act(x∗w + bias + residual)",
		Infer: inferConvAct,
		Decompose: func(b *graph.Builder, n *graph.Node) []*graph.Value {
			a := n.Attrs.(ConvActAttrs)
			y := a.product(b, n.Inputs[0], n.Inputs[1])
			for _, v := range n.Inputs[2:] {
				y = Add(b, y, v)
			}
			return []*graph.Value{Activate(b, y, a.Act, a.Alpha)}
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a, y := n.Attrs.(ConvActAttrs), out[0].F
			a.evaluate(n, in, y)
			for i, v := range y {
				for _, r := range in[2:] {
					v += r.F[i%len(r.F)]
				}
				y[i] = acts[a.Act].value(v, a.Alpha)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(ConvActAttrs)
			return convKernel(a.prepare(n), func(c *graph.Call) gemm.Epilogue {
				e := gemm.Epilogue{Act: a.Act, Alpha: float32(a.Alpha)}
				if a.Bias {
					e.Bias = c.In[2].F
				}
				if a.Residual {
					e.Residual = c.In[len(c.In)-1].F
				}
				return e
			})
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, n.Attrs.(ConvActAttrs).shape(n).Flops())
		},
		Tolerance: 3e-6,
		Cases:     convActCases(),
	}
	graph.Ops.Register(convActOp.Name, convActOp.Doc, &convActOp)
}

func inferConvAct(attrs any, in []graph.Type) ([]graph.Type, error) {
	a := attrs.(ConvActAttrs)
	want := 2
	for _, given := range []bool{a.Bias, a.Residual} {
		if given {
			want++
		}
	}
	if err := expectFloats(in, want); err != nil {
		return nil, err
	}
	if err := (ActivateAttrs{a.Act, a.Alpha}).check(); err != nil {
		return nil, err
	}
	y, err := a.infer(in)
	if err != nil {
		return nil, err
	}
	if a.Bias && !in[2].Shape.Equal(y[len(y)-1:]) {
		return nil, fmt.Errorf("bias is %v, want %v", in[2].Shape, y[len(y)-1:])
	}
	if r := in[len(in)-1].Shape; a.Residual && !r.Equal(y) {
		return nil, fmt.Errorf("the residual is %v, want %v", r, y)
	}
	return []graph.Type{graph.Floats(y...)}, nil
}

// infer returns the shape of the product of the first two inputs.
func (a ConvActAttrs) infer(in []graph.Type) (graph.Shape, error) {
	if a.Transposed {
		return ConvTransposeAttrs{a.Window, a.Groups, a.Out}.infer(in[0], in[1])
	}
	return ConvAttrs{a.Window, a.Groups}.infer(in[0], in[1])
}

// product adds the bare convolution.
func (a ConvActAttrs) product(b *graph.Builder, x, w *graph.Value) *graph.Value {
	if a.Transposed {
		return ConvTranspose(b, x, w, nil, a.Window, a.Groups, a.Out[:a.Window.Rank])
	}
	return Conv(b, x, w, nil, a.Window, a.Groups)
}

// shape is the convolution, or the one whose transpose it is.
func (a ConvActAttrs) shape(n *graph.Node) conv.Shape {
	x, y := n.Inputs[0].Shape, n.Outputs[0].Shape
	if a.Transposed {
		x, y = y, x
	}
	return a.Window.shape(x, y, a.Groups)
}

func (a ConvActAttrs) prepare(n *graph.Node) *conv.Conv {
	if a.Transposed {
		return a.shape(n).Inverse()
	}
	return a.shape(n).Forward()
}

// evaluate is the reference of the bare convolution.
func (a ConvActAttrs) evaluate(n *graph.Node, in []graph.Ref, out []float64) {
	clear(out)
	x, w := in[0].F, in[1].F
	eachProduct(a.shape(n), func(xi, wi, yi int) {
		if a.Transposed {
			xi, yi = yi, xi
		}
		out[yi] += x[xi] * w[wi]
	})
}

func convActCases() []graph.Case {
	var cases []graph.Case
	add := func(c convCase, act Act, transposed, bias, residual bool) {
		a := ConvActAttrs{Window: c.win, Groups: c.groups, Transposed: transposed, Bias: bias, Residual: residual, Act: act, Alpha: 0.3}
		x, y := c.x(), c.y()
		if transposed {
			x, y = y, x
			copy(a.Out[:], c.in)
		}
		in := []graph.Arg{x, c.w()}
		if bias {
			in = append(in, biasOf(y))
		}
		if residual {
			in = append(in, y)
		}
		cases = append(cases, graph.Case{Name: fmt.Sprintf("%s, %v, %v %v", c.name, act, transposed, len(in)), Attrs: a, In: in})
	}
	for i, c := range convExamples {
		smooth := []Act{ActTanh, ActGelu, ActNone}[i%3]
		add(c, smooth, i%2 == 1, i%4 < 2, i%3 == 0)
	}
	add(convExamples[len(convExamples)-1], ActSigmoid, true, true, true)
	return cases
}
