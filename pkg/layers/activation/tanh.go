package activation

import (
	"dnn/internal/kernel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("tanh", "hyperbolic tangent, between -1 and 1", &Tanh{}) }

// Tanh is the hyperbolic tangent:
//
//	y = (eˣ - e⁻ˣ) / (eˣ + e⁻ˣ)
type Tanh struct{}

// Apply adds the function.
func (*Tanh) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, kernel.ActTanh, 0)
}
