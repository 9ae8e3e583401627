package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

var activateGradOp graph.Op

// activateGrad is dx = dy·act'(x). Its inputs are dy and what act's GradNeeds names: x, y, or neither.
func activateGrad(b *graph.Builder, x, y, dy *graph.Value, a ActivateAttrs) *graph.Value {
	in := []*graph.Value{dy}
	needX, needY := a.Act.GradNeeds()
	if needX {
		in = append(in, x)
	}
	if needY {
		in = append(in, y)
	}
	return b.One(&activateGradOp, a, in...)
}

func init() {
	elements["activate_grad"] = func(attrs any) element {
		a := attrs.(ActivateAttrs)
		return element{
			one: func(dst, dy []float32) { vec.ActivateGrad(dst, dy, nil, nil, a.Act, float32(a.Alpha)) },
			two: func(dst, dy, v []float32) { vec.ActivateGrad(dst, dy, v, v, a.Act, float32(a.Alpha)) },
		}
	}
	activateGradOp = graph.Op{
		Name:   "activate_grad",
		Doc:    "dx = dy·act'(x), from x or from y = act(x)",
		NoGrad: firstOrder,
		Infer: func(attrs any, in []graph.Type) ([]graph.Type, error) {
			a := attrs.(ActivateAttrs)
			if err := a.check(); err != nil {
				return nil, err
			}
			if err := expectSame(in, a.gradInputs()); err != nil {
				return nil, err
			}
			return in[:1:1], nil
		},
		Eval: func(n *graph.Node, in, out []graph.Ref) {
			a := n.Attrs.(ActivateAttrs)
			needX, needY := a.Act.GradNeeds()
			for i, dy := range in[0].F {
				var x, y float64
				switch {
				case needX:
					x = in[1].F[i]
				case needY:
					y = in[1].F[i]
					x = y // has y's sign, and its kinks where y has bounds
				}
				out[0].F[i] = dy * a.slope(x, y)
			}
		},
		Kernel: func(n *graph.Node) graph.Kernel {
			a := n.Attrs.(ActivateAttrs)
			needs := a.gradInputs() > 1
			return elementwise(n.Outputs[0].Shape.Size(), func(c *graph.Call, lo, hi int) {
				var v []float32
				if needs {
					v = c.In[1].F[lo:hi]
				}
				vec.ActivateGrad(c.Out[0].F[lo:hi], c.In[0].F[lo:hi], v, v, a.Act, float32(a.Alpha))
			})
		},
		InPlace: []graph.Alias{{Out: 0, In: 0}, {Out: 0, In: 1}},
		Cost:    activateCost,
		Cases:   activateGradCases(),
	}
	graph.Ops.Register(activateGradOp.Name, activateGradOp.Doc, &activateGradOp)
}

func (a ActivateAttrs) gradInputs() int {
	if needX, needY := a.Act.GradNeeds(); needX || needY {
		return 2
	}
	return 1
}

// slope is act' at x, or for the functions whose derivative is told by y alone, at the x that gives y.
func (a ActivateAttrs) slope(x, y float64) float64 {
	if a.Act == ActHardSigmoid { // the one whose bounds lie elsewhere in y than in x
		return choose(y > 0 && y < 1, 1.0/6, 0)
	}
	return acts[a.Act].slope(x, y, a.Alpha)
}

func activateGradCases() []graph.Case {
	var cases []graph.Case
	for i := range acts {
		a := ActivateAttrs{Act(i), 0.3}
		other := graph.OffKink(0.05, acts[i].kinks, 3, 7)
		if _, needY := a.Act.GradNeeds(); needY {
			other = graph.Uniform(0.05, 0.95, 3, 7)
		}
		in := []graph.Arg{graph.Normal(3, 7), other}
		cases = append(cases, graph.Case{Name: fmt.Sprint(a.Act), Attrs: a, In: in[:a.gradInputs()]})
	}
	return append(cases, graph.Case{
		Name: "chunks", Attrs: ActivateAttrs{ActRelu, 0}, In: []graph.Arg{graph.Normal(9001), graph.Normal(9001)},
	})
}
