package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("conv_int8", "y = act(x∗(w·scales) + bias), in 8-bit integers", func(e *Emitter, n *graph.Node) {
		a := n.Attrs.(op.ConvInt8Attrs)
		s := convShape(a.Window, n.Inputs[0].Shape, n.Outputs[0].Shape, a.Groups)
		w, ok := e.Data(1)
		if !ok {
			e.Refuse("has weights that are not known beforehand")
			return
		}
		taps := s.Kernel[0] * s.Kernel[1] * s.Kernel[2]
		e.Call("convInt8", e.Out(0), e.In(0), e.ByteTable(tapsFirst(w.S, s.O, s.C/s.Groups, taps)), e.In(2), e.optional(3),
			e.ScratchInts(s.In[0]*s.In[1]*s.In[2]*s.C), geometry(s), a.Scale)
		if a.Act != op.ActNone {
			e.activate(e.Out(0), size(n), a.Act, a.Alpha)
		}
	})
}
