package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("lerp", "z = x + t·(y - x)", of(func(in []val, a op.LerpAttrs) val { return in[0].add(in[1].sub(in[0]).times(a.T)) }))
}
