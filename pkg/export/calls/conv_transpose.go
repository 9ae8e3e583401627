package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_transpose", "y = x∗ᵀw", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ConvTransposeAttrs)
		s := convShape(a.Window, n.Outputs[0].Shape, n.Inputs[0].Shape, a.Groups)
		w, ok := e.Data(1)
		if !ok {
			e.Refuse("has weights that are not known beforehand")
			return
		}
		taps := s.Kernel[0] * s.Kernel[1] * s.Kernel[2]
		if s.MinimalInverse() {
			e.Call("winograd", e.Out(0), e.In(0), e.Table(filters(flipped(w.Floats(), s.O, s.C), s.O, s.C)), e.Scratch(16*s.O+16),
				[]int{s.Batch, s.O, s.C, s.Out[1], s.Out[2], s.In[1], s.In[2], 2 - s.Before[1], 2 - s.Before[2]})
			return
		}
		e.Call("convTranspose", e.Out(0), e.In(0), e.Table(outputsLast(w.Floats(), s.O, s.C/s.Groups, taps, s.Groups)), geometry(s))
	})
}
