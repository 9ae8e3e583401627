package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("sigmoid", "1/(1+e⁻ˣ), between 0 and 1", &Sigmoid{}).Also("logistic")
}

// Sigmoid is the logistic function:
//
//	y = 1 / (1 + e⁻ˣ)
//
// The loss binary_cross_entropy takes logits: the last layer needs no sigmoid.
type Sigmoid struct{}

// Cases are examples of it.
func (*Sigmoid) Cases() []Case {
	return []Case{
		{"sigmoid", []float64{0.119203, 0.377541, 0.5, 0.731059, 0.952574}},
	}
}

// Apply adds the function.
func (*Sigmoid) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActSigmoid, 0)
}
