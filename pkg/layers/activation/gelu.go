package activation

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
)

func init() {
	Registry.Register("gelu", "x·Φ(x), a smooth relu", &Gelu{}).
		AlsoAs("{type: gelu, approximate: tanh}", "gelu_tanh", "gelu_new")
}

// Gelu weights x by the probability Φ(x) that a standard normal draw lies below it:
//
//	none:  y = x · (1 + erf(x/√2)) / 2
//	tanh:  y = x · (1 + tanh(√(2/π)·(x + 0.044715·x³))) / 2
//
// Source: Hendrycks & Gimpel 2016, "Gaussian error linear units", section 2.
type Gelu struct {
	Approximate string `default:"none" oneof:"none|tanh" doc:"tanh: the approximation that GPT-2 and BERT use"`
}

// Cases are examples of it.
func (*Gelu) Cases() []Case {
	return []Case{
		{"gelu", []float64{-0.0455003, -0.154269, 0, 0.841345, 2.99595}},
		{"{type: gelu, approximate: tanh}", []float64{-0.0454023, -0.154286, 0, 0.841192, 2.99636}},
	}
}

// Apply adds the function.
func (a *Gelu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	act := vec.ActGelu
	if a.Approximate == "tanh" {
		act = vec.ActGeluTanh
	}
	return op.Activate(b, x, act, 0)
}
