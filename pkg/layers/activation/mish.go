package activation

import (
	"dnn/internal/kernel"
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

// Apply adds the function.
func (*Mish) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Mul(b, x, op.Activate(b, op.Activate(b, x, kernel.ActSoftplus, 0), kernel.ActTanh, 0))
}
