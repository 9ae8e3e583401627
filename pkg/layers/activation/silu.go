package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("silu", "x·sigmoid(x), also called swish", &Silu{}).Also("swish")
}

// Silu weights x by its own sigmoid:
//
//	y = x / (1 + e⁻ˣ)
//
// Source: Elfwing et al. 2017, "Sigmoid-weighted linear units"; Ramachandran et al. 2017 call it swish.
type Silu struct{}

// Cases are examples of it.
func (*Silu) Cases() []Case {
	return []Case{
		{"silu", []float64{-0.238406, -0.18877, 0, 0.731059, 2.85772}},
	}
}

// Apply adds the function.
func (*Silu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActSilu, 0)
}
