// Package activation holds the functions that layers end with. Each kind is one file.
package activation

import (
	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

// Activation is the settings of one kind. All but softmax and log_softmax work element by element.
type Activation interface {
	// Apply adds the function of x to the graph. The result has x's shape.
	Apply(b *graph.Builder, x *graph.Value) *graph.Value
}

// Registry holds every kind.
var Registry = registry.New[Activation]("activation")

func init() {
	spec.RegisterKinds(Registry, spec.KindOptions{Scalar: otherName})
}

// otherNames are what other programs call some kinds.
var otherNames = map[string]string{
	"swish":     "silu",
	"none":      "linear",
	"identity":  "linear",
	"logistic":  "sigmoid",
	"gelu_tanh": "{type: gelu, approximate: tanh}",
	"gelu_new":  "{type: gelu, approximate: tanh}",
}

func otherName(text string) (any, bool) {
	if name, ok := otherNames[text]; ok {
		return &misnamed{text, name}, true
	}
	return nil, false
}

// misnamed stands in a spec where a kind was called by a name that is not ours: one kind, one name.
type misnamed struct{ text, name string }

// CheckSpec reports it.
func (m *misnamed) CheckSpec(path string, p *spec.Problems) {
	p.Add(path, "unknown activation %q (here it is called %s)", m.text, m.name)
}

// Apply does nothing: the spec is wrong.
func (m *misnamed) Apply(_ *graph.Builder, x *graph.Value) *graph.Value { return x }
