package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("dense_grad", "dx = dot_general, times the slope", of(func(in []val, a op.DenseAttrs) val {
		dx := in[0]
		if a.TransW {
			dx = matmulT(in[0], in[1])
		} else {
			dx = matmul(in[0], in[1])
		}
		return slope(dx, in[2], a.Act, a.Alpha)
	}))
}
