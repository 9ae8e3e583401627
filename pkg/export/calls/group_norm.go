package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("group_norm", "groups of channels with mean 0 and variance 1", func(e *Emitter, n *graph.Node) {
		a, s := n.Attrs.(op.GroupNormAttrs), n.Inputs[0].Shape
		gamma, beta := e.affine(a.NormAttrs, 1)
		channels := s.Last()
		positions := s[1 : len(s)-1].Size()
		e.InPlace("groupNorm", e.Out(0), e.In(0), gamma, beta, e.Scratch(2*((positions+1023)/1024+2)*channels+64),
			[]int{s[0], positions, channels, a.Groups}, float32(a.Eps))
	})
}
