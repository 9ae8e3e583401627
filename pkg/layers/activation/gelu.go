package activation

import (
	"dnn/internal/kernel"
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

// Apply adds the function.
func (a *Gelu) Apply(b *graph.Builder, x *graph.Value) *graph.Value {
	act := kernel.ActGelu
	if a.Approximate == "tanh" {
		act = kernel.ActGeluTanh
	}
	return op.Activate(b, x, act, 0)
}
