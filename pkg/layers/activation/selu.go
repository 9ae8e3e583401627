package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("selu", "elu that normalizes itself", &Selu{}) }

// Selu is an elu scaled so that mean 0 and variance 1 are a stable fixed point from layer to layer; it expects weights
// from lecun_normal:
//
//	y = λx for x > 0, else λα·(eˣ - 1), λ = 1.0507…, α = 1.6733…
//
// Source: Klambauer et al. 2017, "Self-normalizing neural networks", eq. 2.
type Selu struct{}

// Cases are examples of it.
func (*Selu) Cases() []Case {
	return []Case{
		{"selu", []float64{-1.52017, -0.691758, 0, 1.0507, 3.1521}},
	}
}

// Apply adds the function.
func (*Selu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActSelu, 0)
}
