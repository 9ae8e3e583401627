package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func size(n *graph.Node) int { return n.Outputs[0].Shape.Size() }

// function is the kind of a function of one number.
func function(f Func) Kind {
	return func(e *Emitter, n *graph.Node) { e.InPlace("apply", e.Out(0), e.In(0), size(n), f) }
}

// functionOfTwo is the kind of a function of two arrays, of which either may be repeated.
func functionOfTwo(f Func) Kind {
	return func(e *Emitter, n *graph.Node) {
		s := n.Outputs[0].Shape
		table := nest(s, repeated(n.Inputs[0].Shape, s), repeated(n.Inputs[1].Shape, s))
		e.InPlace("combine", e.Out(0), e.In(0), e.In(1), size(n), table, f)
	}
}

// activate adds a call for an activation of x to output 0.
func (e *Emitter) activate(x Arg, n int, act op.Act, alpha float64) {
	switch act {
	case op.ActNone:
		e.InPlace("apply", e.Out(0), x, n, Func("same"))
	case op.ActLeakyRelu, op.ActElu:
		e.InPlace("applyBy", e.Out(0), x, n, Func(act.String()), float32(alpha))
	default:
		e.InPlace("apply", e.Out(0), x, n, Func(act.String()))
	}
}

// rowFunction is the kind of a function of each row.
func rowFunction(kernel string) Kind {
	return func(e *Emitter, n *graph.Node) {
		cols := n.Inputs[0].Shape.Last()
		e.InPlace(kernel, e.Out(0), e.In(0), size(n)/cols, cols)
	}
}
