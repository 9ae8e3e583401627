package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("clip", "y = minimum and maximum", with(func(x val, a op.ClipAttrs) val { return x.max(x.number(a.Lo)).min(x.number(a.Hi)) }))
}
