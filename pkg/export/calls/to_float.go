package calls

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("to_float", "whole numbers as float32", func(e *Emitter, n *graph.Node) {
		e.Call("toFloat", e.Out(0), e.In(0), size(n))
	})
}
