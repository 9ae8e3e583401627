package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("mish", "x·tanh(softplus(x))", &Mish{}) }

// Mish is a smooth relative of silu:
//
//	y = x · tanh(ln(1 + eˣ))
//
// Source: Misra 2019, "Mish: a self regularized non-monotonic activation function", eq. 3.
type Mish struct{}

// Cases are examples of it.
func (*Mish) Cases() []Case {
	return []Case{
		{"mish", []float64{-0.252501, -0.220744, 0, 0.865098, 2.98654}},
	}
}

// Apply adds the function.
func (*Mish) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Mul(b, x, op.Activate(b, op.Activate(b, x, vec.ActSoftplus, 0), vec.ActTanh, 0))
}
