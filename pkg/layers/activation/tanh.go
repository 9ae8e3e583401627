package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("tanh", "hyperbolic tangent, between -1 and 1", &Tanh{}) }

// Tanh is the hyperbolic tangent:
//
//	y = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)
type Tanh struct{}

// Cases are examples of it.
func (*Tanh) Cases() []Case {
	return []Case{
		{"tanh", []float64{-0.964028, -0.462117, 0, 0.761594, 0.995055}},
	}
}

// Apply adds the function.
func (*Tanh) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActTanh, 0)
}
