package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_transpose", "ConvTranspose", func(e *Emitter, n *graph.Node) {
		a, x := n.Attrs.(op.ConvTransposeAttrs), n.Inputs[0].Shape
		w, more := a.Window, make([]int, a.Window.Rank)
		for ax := range w.Rank { // padding behind, or more positions, as the result has
			reach := w.Stride[ax]*(x[1+ax]-1) + w.Extent(ax) - w.Before[ax]
			w.After[ax] = max(0, reach-a.Out[ax])
			more[ax] = max(0, a.Out[ax]-reach)
		}
		in := []string{e.First(0).Name, e.In(1)}
		if bias := e.Bias(); bias != "" {
			in = append(in, bias)
		}
		settings := append(convSettings(w, a.Groups), Set("output_padding", more))
		e.Put(0, Any{Name: e.Node("ConvTranspose", in, settings...), form: first})
	})
}
