package op

import (
	"fmt"

	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
)

// ActivateAttrs choose an activation function. Alpha ≥ 0 is the parameter of leaky_relu and elu, and unused by others.
type ActivateAttrs struct {
	Act   Act
	Alpha float64
}

var activateOp graph.Op

// Activate is y = act(x), element by element; see package kernel for the functions. ActNone adds no node.
//
//	dx = dy·act'(x)
//
// The derivative is computed from x or from y, whichever act's GradNeeds names, so the other need not be kept.
func Activate(b *graph.Builder, x *graph.Value, act Act, alpha float64) *graph.Value {
	if act == ActNone {
		return x
	}
	return b.One(&activateOp, ActivateAttrs{act, alpha}, x)
}

func (a ActivateAttrs) check() error {
	if int(a.Act) >= len(acts) {
		return fmt.Errorf("there is no activation function %d", uint8(a.Act))
	}
	if !(a.Alpha >= 0) {
		return fmt.Errorf("alpha is %g, want 0 or more", a.Alpha)
	}
	return nil
}

// activateCost is roughly the work of an activation function or of its gradient.
func activateCost(n *graph.Node) graph.Cost {
	switch n.Attrs.(ActivateAttrs).Act {
	case ActRelu, ActLeakyRelu, ActHardSigmoid, ActHardSwish, ActHardTanh:
		return cost(2)(n) // a comparison or two, a product
	}
	return cost(10)(n) // an exponential
}

func init() {
	activateOp = unary[ActivateAttrs]{
		doc:    "y = act(x), element by element",
		check:  ActivateAttrs.check,
		kernel: func(a ActivateAttrs, dst, x []float32) { vec.Activate(dst, x, a.Act, float32(a.Alpha)) },
		eval:   func(a ActivateAttrs, x float64) float64 { return acts[a.Act].value(x, a.Alpha) },
		grad: func(b *graph.Builder, a ActivateAttrs, x, y, dy *graph.Value) *graph.Value {
			return activateGrad(b, x, y, dy, a)
		},
		cases: activateCases(),
	}.op("activate")
	activateOp.Cost = activateCost
	graph.Ops.Register(activateOp.Name, activateOp.Doc, &activateOp)
}

// activateCases has one case for each function, and one that is cut into several units.
func activateCases() []graph.Case {
	var cases []graph.Case
	for i := range acts {
		a := ActivateAttrs{Act(i), 0.3}
		cases = append(cases, graph.Case{Name: a.Act.String(), Attrs: a, In: []graph.Arg{graph.OffKink(0.05, acts[i].kinks, 5, 13)}})
	}
	return append(cases, graph.Case{Name: "chunks", Attrs: ActivateAttrs{ActTanh, 0}, In: []graph.Arg{graph.Normal(2, 4099)}})
}
