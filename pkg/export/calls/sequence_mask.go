package calls

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sequence_mask", "1 within a sequence, 0 beyond", func(e *Emitter, n *graph.Node) {
		e.Call("sequenceMask", e.Out(0), e.In(0), n.Inputs[0].Shape.Size(), n.Attrs.(op.SequenceMaskAttrs).Positions)
	})
}
