package activation

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("softmax", "shares of the last axis that sum to 1", &Softmax{}) }

// Softmax turns the last axis into probabilities:
//
//	yᵢ = exp(xᵢ) / Σⱼ exp(xⱼ)
//
// The loss cross_entropy takes logits: the last layer needs no softmax.
type Softmax struct{}

// Cases are examples of it.
func (*Softmax) Cases() []Case {
	return []Case{
		{"softmax", []float64{0.00551361, 0.0247103, 0.0407404, 0.110744, 0.818292}},
	}
}

// Apply adds the function.
func (*Softmax) Apply(b *graph.Builder, x *graph.Value) *graph.Value { return op.Softmax(b, x) }
