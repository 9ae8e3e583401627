package onnx

import "dnn/pkg/graph"

func init() {
	Registry.Register("broadcast_to", "Expand", func(e *Emitter, n *graph.Node) {
		x, y := n.Inputs[0], n.Outputs[0]
		var parts []string
		for ax := range y.Shape {
			from := ax - (len(y.Shape) - len(x.Shape))
			if s := e.Size(y, ax); from >= 0 && e.Size(x, from).equal(s) {
				parts = append(parts, e.Ints(1))
			} else {
				parts = append(parts, e.Length(s))
			}
		}
		e.Out(0, e.Node("Expand", []string{e.In(0), e.Node("Concat", parts, Set("axis", 0))}))
	})
}
