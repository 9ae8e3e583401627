package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("scale", "y = multiply by a number", with(func(x val, a op.ScaleAttrs) val { return x.times(a.Factor) }))
}
