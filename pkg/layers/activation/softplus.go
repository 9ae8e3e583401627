package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("softplus", "ln(1+eˣ), a smooth relu", &Softplus{}) }

// Softplus is a smooth relu, positive everywhere:
//
//	y = ln(1 + eˣ)
//
// Source: Dugas et al. 2001, "Incorporating second-order functional knowledge for better option pricing".
type Softplus struct{}

// Cases are examples of it.
func (*Softplus) Cases() []Case {
	return []Case{
		{"softplus", []float64{0.126928, 0.474077, 0.693147, 1.31326, 3.04859}},
	}
}

// Apply adds the function.
func (*Softplus) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActSoftplus, 0)
}
