package stablehlo

import (
	"dnn/pkg/graph"
)

func init() {
	Registry.Register("broadcast_to", "y = broadcast_in_dim", shaped(func(x val, s graph.Shape) val { return x.to(s) }))
}
