package stablehlo

import "dnn/pkg/graph/op"

func init() {
	Registry.Register("activate_grad", "dx = dy·act'(x)", of(func(in []val, a op.ActivateAttrs) val {
		return slope(in[0], in[len(in)-1], a.Act, a.Alpha)
	}))
}
