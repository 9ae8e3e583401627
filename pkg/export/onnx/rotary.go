package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("rotary", "halves of heads times cosines and sines", turn)
}

// turn reads cosines and sines off what the op makes of ones in the first half of each head, and zeros in the second.
func turn(e *Emitter, n *graph.Node) {
	a, s := n.Attrs.(op.RotaryAttrs), n.Inputs[0].Shape
	if a.Offset {
		e.Refuse("counts positions from a place that is not known beforehand")
		return
	}
	steps, width := s[1], s[2]/a.Heads
	half := width / 2
	ones := make([]float32, s.Size())
	for i := range ones {
		if i%width < half {
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
	x := e.Node("Reshape", []string{e.In(0), e.Ints(0, 0, a.Heads, width)})
	halves := e.Nodes("Split", 2, []string{x}, Set("axis", 3), Set("num_outputs", 2))
	c, w := firstSteps(e, n, e.Floats("cosines", cos, steps, 1, half)), firstSteps(e, n, e.Floats("sines", sin, steps, 1, half))
	mul := func(x, y string) string { return e.Node("Mul", []string{x, y}) }
	y1 := e.Node("Sub", []string{mul(halves[0], c), mul(halves[1], w)})
	y2 := e.Node("Add", []string{mul(halves[1], c), mul(halves[0], w)})
	y := e.Node("Concat", []string{y1, y2}, Set("axis", 3))
	e.Out(0, e.Node("Reshape", []string{y, e.Ints(0, 0, s[2])}))
}

// firstSteps are the first of a table, as many as the first input of a node has.
func firstSteps(e *Emitter, n *graph.Node, table string) string {
	s := e.Size(n.Inputs[0], 1)
	if s.fixed() {
		return table
	}
	if e.variants[s.Symbols[len(s.Symbols)-1]].part {
		e.fix(s, "a table depends on it")
		return ""
	}
	return e.Node("Slice", []string{table, e.Ints(0), e.Length(s), e.Ints(0)})
}
