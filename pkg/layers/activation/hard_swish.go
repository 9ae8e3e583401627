package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("hard_swish", "x·hard_sigmoid(x)", &HardSwish{}) }

// HardSwish is silu with a sigmoid of straight pieces:
//
//	y = x · max(0, min(1, x/6 + ½)), y′(-3) = 0, y′(3) = 1
//
// Source: Howard et al. 2019, "Searching for MobileNetV3", section 5.2.
type HardSwish struct{}

// Cases are examples of it.
func (*HardSwish) Cases() []Case {
	return []Case{
		{"hard_swish", []float64{-0.333333, -0.208333, 0, 0.666667, 3}},
	}
}

// Apply adds the function.
func (*HardSwish) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActHardSwish, 0)
}
