package calls

import "dnn/pkg/graph"

func init() {
	Registry.Register("gather_int8", "rows of a table of 8-bit integers, times their scales", func(e *Emitter, n *graph.Node) {
		e.Call("gatherInt8", e.Out(0), e.In(0), e.In(1), e.In(2), n.Inputs[2].Shape.Size(), n.Inputs[0].Shape[1])
	})
}
