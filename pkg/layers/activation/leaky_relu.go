package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("leaky_relu", "x, and αx below 0", &LeakyRelu{}) }

// LeakyRelu lets a little through below zero, so that no unit dies:
//
//	y = x for x > 0, else αx; y′(0) = α
//
// Source: Maas et al. 2013, "Rectifier nonlinearities improve neural network acoustic models".
type LeakyRelu struct {
	Alpha float64 `default:"0.01" range:"[0,)" doc:"slope below zero"`
}

// Cases are examples of it.
func (*LeakyRelu) Cases() []Case {
	return []Case{
		{"leaky_relu", []float64{-0.02, -0.005, 0, 1, 3}},
	}
}

// Apply adds the function.
func (a *LeakyRelu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActLeakyRelu, a.Alpha)
}
