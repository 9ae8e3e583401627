package onnx

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	file "dnn/pkg/onnx"
)

func init() {
	Registry.Register("conv", "Conv", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ConvAttrs)
		in := []string{e.First(0).Name, e.In(1)}
		if bias := e.Bias(); bias != "" {
			in = append(in, bias)
		}
		e.Put(0, Any{Name: e.Node("Conv", in, convSettings(a.Window, a.Groups)...), form: first})
	})
}

// convSettings are the attributes of a convolution.
func convSettings(w op.Window, groups int) []file.Attribute {
	return append(windowSettings(w), Set("dilations", w.Dilation[:w.Rank]), Set("group", groups))
}

// windowSettings are those of windows.
func windowSettings(w op.Window) []file.Attribute {
	pads := append(append([]int(nil), w.Before[:w.Rank]...), w.After[:w.Rank]...)
	return []file.Attribute{Set("kernel_shape", w.Kernel[:w.Rank]), Set("strides", w.Stride[:w.Rank]), Set("pads", pads)}
}
