package stablehlo

import (
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("pad", "y = pad with zeros", with(func(x val, a op.PadAttrs) val {
		return pad(x, a.Axis, a.Before, a.Extent-a.Before-x.shape[a.Axis], 0)
	}))
}
