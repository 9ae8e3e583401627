package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("reshape", "y = reshape", shaped(func(x val, s graph.Shape) val { return x.reshape(s...) }))
}
