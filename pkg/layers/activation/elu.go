package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() { Registry.Register("elu", "x, and α(eˣ-1) below 0", &Elu{}) }

// Elu is the exponential linear unit:
//
//	y = x for x > 0, else α·(eˣ - 1)
//
// Source: Clevert et al. 2015, "Fast and accurate deep network learning by exponential linear units", eq. 15.
type Elu struct {
	Alpha float64 `default:"1" range:"[0,)" doc:"-α is the limit far below zero"`
}

// Cases are examples of it.
func (*Elu) Cases() []Case {
	return []Case{
		{"elu", []float64{-0.864665, -0.393469, 0, 1, 3}},
	}
}

// Apply adds the function.
func (a *Elu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	return op.Activate(b, x, vec.ActElu, a.Alpha)
}
