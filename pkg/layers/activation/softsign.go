package activation

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("softsign", "x/(1+|x|), between -1 and 1", &Softsign{}) }

// Softsign nears its limits more slowly than tanh:
//
//	y = x / (1 + |x|)
//
// Source: Turian et al. 2009, "Quadratic features and deep architectures for chunking".
type Softsign struct{}

// Cases are examples of it.
func (*Softsign) Cases() []Case {
	return []Case{
		{"softsign", []float64{-0.666667, -0.333333, 0, 0.5, 0.75}},
	}
}

// Apply adds the function.
func (*Softsign) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Div(b, x, op.AddScalar(b, op.Abs(b, x), 1))
}
