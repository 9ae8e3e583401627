package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("relu", "max(0, x)", &Relu{}) }

// Relu is the rectified linear unit:
//
//	y = max(0, x), y′(0) = 0
//
// Source: Nair & Hinton 2010, "Rectified linear units improve restricted Boltzmann machines".
type Relu struct{}

// Cases are examples of it.
func (*Relu) Cases() []Case {
	return []Case{
		{"relu", []float64{0, 0, 0, 1, 3}},
	}
}

// Apply adds the function.
func (*Relu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActRelu, 0)
}
