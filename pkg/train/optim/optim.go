// Package optim turns gradients into new weights, as nodes of the training graph's update stage.
//
// All trained parameters lie in one flat array, and so do their gradients and whatever an optimizer remembers of them (its
// slots). An update is therefore one node over flat arrays; segments tell it where the learning rate or the weight decay
// differs. Formulas and defaults are PyTorch's unless a kind says otherwise.
package optim

import (
	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/spec"
	"dnn/pkg/train/schedule"
)

// Optimizer is the settings of one kind: a pointer to a struct with spec tags.
type Optimizer interface {
	// Learning is the learning rate.
	Learning() schedule.Schedule
	// Update adds the nodes of one update, assigns weights and slots, and returns the new weights. The builder's stage is
	// graph.Update.
	Update(u *Update) *graph.Value
	// Cases are examples of the kind.
	Cases() []Case
}

// Case is an example of an optimizer.
type Case struct {
	Spec     string
	Resolved string // with all defaults; those of the kind are its paper's or PyTorch's
	// Weights are what three updates make of 1, -2, 0.5, to nine digits. Their gradients are 0.3, -1, 0.02, then -0.1, -2,
	// 0.01, then 0.2, 0.5, 0.03.
	Weights []float64
}

// Registry holds the optimizers, one per file.
var Registry = registry.New[Optimizer]("optimizer")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{}) }
