package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rnn", "a recurrent net", rnnCall)
}

func rnnCall(e *Emitter, n *graph.Node) {
	a, r := e.recurrent(n, false)
	f, least := Func("tanh"), boundedStates
	if a.Act == op.ActRelu {
		f, least = "relu", 0
	}
	s := n.Inputs[0].Shape
	units := n.Inputs[1].Shape[1]
	e.Call("rnn", e.Out(0), e.Wanted(1), e.In(0), r.w, r.integers, r.scales, r.met, r.h0, r.lengths, e.Scratch(2*units), s[0], s[1], units, flag(a.Reverse), least, f)
}
