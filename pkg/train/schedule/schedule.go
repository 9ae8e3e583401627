// Package schedule says how fast to learn: the learning rate of each update, from where training stands.
//
// A schedule is a function of the number of updates done, so that resumed training goes on exactly where it stopped. The
// one kind that looks at results (plateau) is an Observer, and what it remembers goes into the checkpoint.
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
}

// Position is where training stands.
type Position struct {
	Step          int // updates done before this one
	StepsPerEpoch int
	TotalSteps    int // of the whole training
}

// Observer is implemented by schedules that depend on how well training goes.
type Observer interface {
	// Observe is told the monitored figure after each validation.
	Observe(value float64, higherIsBetter bool)
	// State is what must be remembered to go on later: finite numbers, for the checkpoint.
	State() []float64
	// Restore takes up what State returned; nil begins anew.
	Restore(state []float64) error
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
