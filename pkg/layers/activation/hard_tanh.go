package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("hard_tanh", "x limited to [-1, 1]", &HardTanh{}) }

// HardTanh limits x:
//
//	y = max(-1, min(1, x)), y′(±1) = 0
//
// Source: Collobert 2004, "Large scale machine learning", section 6.
type HardTanh struct{}

// Cases are examples of it.
func (*HardTanh) Cases() []Case {
	return []Case{
		{"hard_tanh", []float64{-1, -0.5, 0, 1, 1}},
	}
}

// Apply adds the function.
func (*HardTanh) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActHardTanh, 0)
}
