package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rnn", "a recurrent net", func(e *Emitter, n *graph.Node) {
		a, r := e.recurrent(n, false)
		f := Func("tanh")
		if a.Act == op.ActRelu {
			f = "relu"
		}
		s := n.Inputs[0].Shape
		units := n.Inputs[1].Shape[1]
		e.Call("rnn", e.Out(0), e.Wanted(1), e.In(0), e.In(1), r.h0, r.lengths, e.Scratch(2*units), s[0], s[1], units, flag(a.Reverse), f)
	})
}
