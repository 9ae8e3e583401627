package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("concat", "y = concatenate", of(func(in []val, a op.AxisAttrs) val { return concat(a.Axis, in...) }))
}
