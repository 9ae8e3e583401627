package calls

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("lstm", "a long short-term memory", lstmCall)
}

func lstmCall(e *Emitter, n *graph.Node) {
	a, r := e.recurrent(n, true)
	s, units := n.Inputs[0].Shape, n.Inputs[1].Shape[1]
	e.Call("lstm", e.Wanted(0), e.Wanted(1), e.Wanted(2), e.In(0), r.w, r.integers, r.scales, r.met, r.h0, r.c0, r.lengths, e.Scratch(6*units),
		s[0], s[1], units, flag(a.Reverse), boundedStates)
}
