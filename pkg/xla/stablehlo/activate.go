package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("activate", "y = act(x)", with(func(x val, a op.ActivateAttrs) val { return activate(x, a.Act, a.Alpha) }))
}
