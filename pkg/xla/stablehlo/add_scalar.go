package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("add_scalar", "y = add a number", with(func(x val, a op.AddScalarAttrs) val { return x.plus(a.Term) }))
}
