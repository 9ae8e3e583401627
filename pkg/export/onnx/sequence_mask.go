package onnx

import (
	"dnn/pkg/graph"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("sequence_mask", "Less of Range and lengths", func(e *Emitter, n *graph.Node) {
		y := n.Outputs[0]
		places := places(e, e.Length(e.Size(y, len(y.Shape)-1)))
		lengths := e.Node("Unsqueeze", []string{e.cast(e.In(0), file.Int64), e.Ints(-1)})
		e.Out(0, e.float(e.Node("Less", []string{places, lengths})))
	})
}

// places are 0, 1, 2 and so on, as many as a list of one integer says.
func places(e *Emitter, n string) string {
	return e.Node("Range", []string{e.Int(0), e.Node("Squeeze", []string{n, e.Ints(0)}), e.Int(1)})
}
