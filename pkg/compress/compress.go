// Package compress makes a trained net smaller, step by step, as the section "compress" of a spec says, and measures what each
// step gains and costs.
//
// A step takes the model file that the one before left and makes another. Each has a folder, in which it keeps that model and
// what was measured of it, under a digest of all that went into it: a recipe that is run again finds the steps that are done,
// and works from the first one that changed. A step that trains does so as dnn train would, so it continues where it was
// interrupted, with the same bits.
package compress

import (
	"dnn/pkg/compress/recipe"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/train/schedule"
)

// Step is what the kinds of steps do. Each is a file of this package that registers itself in recipe.Registry.
type Step interface {
	recipe.Step
	// Apply makes a smaller model of the one that it is given, which stays as it is.
	Apply(w *Work) (*Made, error)
}

// Made is the model that a step makes.
type Made struct {
	Net     *model.Network
	State   *exec.State
	Summary string // what was done, in a few words
	Report  any    // the same as plain data, or nil
}

// Work is what a step is given.
type Work struct {
	Model   *model.File // as the step before left it
	First   string      // file of the model that the recipe began with
	Threads int
	dir     string // of the step
	run     *runner
}

// Data are the splits that the model was trained on, encoded as it expects them.
func (w *Work) Data() (*dataset.Data, error) { return w.run.splits(w.Model) }

// FineTuning is how long, and how fast, a step trains.
type FineTuning struct {
	Epochs       int               `range:"[0,)" default:"0" doc:"epochs of training in this step; 0: it does not train"`
	LearningRate schedule.Schedule `doc:"learning rate of that training, a number or a schedule over its epochs (default: as optimizer.learning_rate)"`
}

// Trains reports whether the step trains.
func (f *FineTuning) Trains() bool { return f.Epochs > 0 }
