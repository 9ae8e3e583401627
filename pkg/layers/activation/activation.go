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
	// Cases are examples of the kind.
	Cases() []Case
}

// Case is an example of an activation: what it makes of the row -2, -0.5, 0, 1, 3, to six digits.
type Case struct {
	Spec string
	Y    []float64
}

// Registry holds every kind.
var Registry = registry.New[Activation]("activation")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }
