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

// Apply adds the function.
func (*Softmax) Apply(b *graph.Builder, x *graph.Value) *graph.Value { return op.Softmax(b, x) }
