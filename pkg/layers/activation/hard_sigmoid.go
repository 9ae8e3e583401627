package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("hard_sigmoid", "sigmoid of three straight pieces", &HardSigmoid{}) }

// HardSigmoid is a sigmoid of straight pieces:
//
//	y = max(0, min(1, x/6 + ½)), y′(±3) = 0
//
// Source: Courbariaux et al. 2015, "BinaryConnect"; with the slope of 1/6 of Howard et al. 2019 and PyTorch.
type HardSigmoid struct{}

// Cases are examples of it.
func (*HardSigmoid) Cases() []Case {
	return []Case{
		{"hard_sigmoid", []float64{0.166667, 0.416667, 0.5, 0.666667, 1}},
	}
}

// Apply adds the function.
func (*HardSigmoid) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActHardSigmoid, 0)
}
