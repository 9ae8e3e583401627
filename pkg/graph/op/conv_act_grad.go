package op

import (
	"fmt"

	"dnn/internal/kernel/gemm"
	"dnn/pkg/graph"
)

var convActGradOp graph.Op

// ConvActGrad is the gradient that a convolution hands to the activation before it, in one pass over the result:
//
//	dx = (dz∗w + residual)·act'(of)
//
// dz and w are as for ConvTranspose if a.Transposed, else as for Conv; of, and residual unless it is nil, have the
// shape of dx. of is the activation's input or output, whichever act's GradNeeds names; the residual is what comes by
// other ways. It gives the same bits as the ops it stands for. It is a gradient itself and has none.
func ConvActGrad(b *graph.Builder, dz, w, of, residual *graph.Value, a ConvActAttrs) *graph.Value {
	in := []*graph.Value{dz, w, of}
	if a.Bias, a.Residual = false, residual != nil; a.Residual {
		in = append(in, residual)
	}
	return b.One(&convActGradOp, a, in...)
}

func init() {
	convActGradOp = graph.Op{
		Name:   "conv_act_grad",
		Doc:    "dx = (dz∗w + residual)·act'(of)",
		NoGrad: firstOrder,
		Infer:  inferConvActGrad,
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a, dx := n.Attrs.(ConvActAttrs), out[0].F
			a.evaluate(n, in, dx)
			for i, of := range in[2].F {
				if a.Residual {
					dx[i] += in[3].F[i]
				}
				dx[i] *= ActivateAttrs{a.Act, a.Alpha}.slope(of, of)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(ConvActAttrs)
			return convKernel(a.prepare(n), func(c *graph.Call) gemm.Epilogue {
				e := gemm.Epilogue{Grad: a.Act, GradAlpha: float32(a.Alpha), GradOf: c.In[2].F}
				if a.Residual {
					e.Residual = c.In[3].F
				}
				return e
			})
		},
		Cost: func(n *graph.Node) graph.Cost {
			return productCost(n, n.Attrs.(ConvActAttrs).shape(n).Flops())
		},
		Tolerance: 3e-6,
		Cases:     convActGradCases(),
	}
	graph.Ops.Register(convActGradOp.Name, convActGradOp.Doc, &convActGradOp)
}

func inferConvActGrad(attrs any, in []graph.Type) ([]graph.Type, error) {
	a := attrs.(ConvActAttrs)
	want := 3
	if a.Residual {
		want = 4
	}
	if err := expectFloats(in, want); err != nil {
		return nil, err
	}
	if act := (ActivateAttrs{a.Act, a.Alpha}); act.check() != nil || act.gradInputs() != 2 {
		return nil, fmt.Errorf("%v has no derivative that is computed from its input or output", a.Act)
	}
	dx, err := a.infer(in)
	if err != nil {
		return nil, err
	}
	for _, t := range in[2:] {
		if !t.Shape.Equal(dx) {
			return nil, fmt.Errorf("the gradient is %v, and the activation or the residual %v", dx, t.Shape)
		}
	}
	return []graph.Type{graph.Floats(dx...)}, nil
}

func convActGradCases() []graph.Case {
	var cases []graph.Case
	for i, c := range convExamples {
		act := []Act{ActRelu, ActSilu, ActLeakyRelu}[i%3]
		a := ConvActAttrs{Window: c.win, Groups: c.groups, Transposed: i%4 > 0, Residual: i%2 == 1, Act: act, Alpha: 0.1}
		dz, dx := c.x(), c.y()
		if a.Transposed {
			dz, dx = dx, dz
			copy(a.Out[:], c.in)
		}
		in := []graph.Arg{dz, c.w(), graph.OffKink(0.05, acts[act].kinks, dx.Type.Shape...), dx}
		if !a.Residual {
			in = in[:3]
		}
		cases = append(cases, graph.Case{Name: fmt.Sprintf("%s, %v", c.name, act), Attrs: a, In: in})
	}
	return cases
}
