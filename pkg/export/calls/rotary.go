package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rotary", "heads turned by angles that grow with their position", turn)
}

// turn reads cosines and sines off what the op makes of ones in the first half of each head, and zeros in the second.
func turn(e *Emitter, n *graph.Node) {
	a, s := n.Attrs.(op.RotaryAttrs), n.Inputs[0].Shape
	if a.Offset {
		e.Refuse("counts positions from a place that is not known beforehand")
		return
	}
	steps, half := s[1], s[2]/a.Heads/2
	ones := make([]float32, s.Size())
	for i := range ones {
		if i%(2*half) < half {
			ones[i] = 1
		}
	}
	turned := graph.Compute(n, []graph.Buffer{{F: ones}})[0].F
	cos, sin := make([]float32, steps*half), make([]float32, steps*half)
	for t := range steps {
		for j := range half {
			cos[t*half+j], sin[t*half+j] = turned[t*s[2]+j], turned[t*s[2]+half+j]
		}
	}
	e.Call("rotary", e.Out(0), e.In(0), e.Table(cos), e.Table(sin), s[0], steps, a.Heads, half)
}
