package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("transpose", "y = transpose", with(func(x val, a op.TransposeAttrs) val { return transpose(x, a.Perm...) }))
}
