package calls

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("gru", "gated recurrent units", gruCall)
}

func gruCall(e *Emitter, n *graph.Node) {
	a, r := e.recurrent(n, false)
	s, units := n.Inputs[0].Shape, n.Inputs[1].Shape[1]
	kernel := "gru"
	if a.ResetBefore {
		kernel = "gruBefore"
	}
	e.Call(kernel, e.Wanted(0), e.Wanted(1), e.In(0), r.w, r.integers, r.scales, r.met, r.bias, r.h0, r.lengths, e.Scratch(5*units), s[0], s[1], units, flag(a.Reverse), boundedStates)
}
