package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("view", "y = a slice of a flat array, reshaped", with(func(x val, a graph.ViewAttrs) val {
		return part(x, 0, a.Offset, a.Offset+a.Shape.Size()).reshape(a.Shape...)
	}))
}
