// Package schedule says how fast to learn: the learning rate of each update, from the position of the training.
//
// A schedule is a pure function of the training's position, so that a resumed training continues exactly where it stopped.
// What a kind that looks at results (plateau) observed is part of that position.
package schedule

import (
	"strconv"

	"dnn/internal/registry"
	"dnn/pkg/spec"
)

// Schedule is the settings of one kind: a pointer to a struct with spec tags.
type Schedule interface {
	// Rate is the learning rate of the update at the given position.
	Rate(at Position) float64
	// Cases are examples of the kind.
	Cases() []Case
}

// Case is an example of a schedule: the rates of the eight updates of four epochs, to six digits.
type Case struct {
	Spec  string
	Rates []float64
}

// Position is how far training is.
type Position struct {
	Step          int // updates done before this one
	StepsPerEpoch int
	TotalSteps    int       // of the whole training
	Observed      []float64 // what an Observer remembers of the validations so far; nil before the first
}

// Observer is implemented by schedules that depend on how well training goes. They remember nothing themselves: the
// training keeps what they observed, in its position and so in its checkpoints.
type Observer interface {
	// Observe returns what to remember after a validation, from what was remembered before it and the monitored figure:
	// finite numbers. It does not change observed.
	Observe(observed []float64, value float64, higherIsBetter bool) []float64
	// Forget returns what remains to remember when another figure is monitored from then on: the rate as it is.
	Forget(observed []float64) []float64
	// CheckObserved refuses what Observe cannot have returned.
	CheckObserved(observed []float64) error
}

// Registry holds the schedules, one per file.
var Registry = registry.New[Schedule]("schedule")

func init() {
	spec.RegisterKinds(Registry, spec.KindOptions{Scalar: func(text string) (any, bool) {
		rate, err := strconv.ParseFloat(text, 64)
		return &Constant{Initial: rate}, err == nil
	}})
}

// epoch is the number of whole epochs before this update.
func (at Position) epoch() int { return at.Step / max(1, at.StepsPerEpoch) }
