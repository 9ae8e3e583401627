package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("slice", "y = slice", with(func(x val, a op.SliceAttrs) val { return part(x, a.Axis, a.Lo, a.Hi) }))
}
