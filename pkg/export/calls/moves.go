package calls

import (
	"dnn/pkg/graph"
)

// Ops that move numbers about are copies of an array into another, both with strides.

// move adds a call that copies elements of input i, from an offset on, to output 0, from an offset on.
func (e *Emitter) move(extent graph.Shape, to, from []int, i, toOffset, fromOffset int) {
	kernel := "move"
	if e.node.Outputs[0].DType == graph.I32 {
		kernel = "moveInts"
	}
	e.Call(kernel, e.Out(0), e.In(i), toOffset, fromOffset, nest(extent, to, from))
}
