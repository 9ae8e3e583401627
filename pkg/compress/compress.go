// Package compress makes a trained net smaller, step by step, as the section "compress" of a spec says, and measures what each
// step gains and costs.
//
// A step takes the model file that the one before left and makes another. Each has a folder, in which it keeps that model and
// what was measured of it, under a digest of all that went into it: a recipe that is run again finds the steps that are done,
// and works from the first one that changed. A step that trains does so as dnn train would, so it continues where it was
// interrupted, with the same bits.
package compress

import (
	"dnn/internal/phrase"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
	"dnn/pkg/spec"
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
	Epochs       int               `range:"[0,)" default:"0" doc:"epochs of training in this step; 0: it does not train, unless updates says so"`
	Updates      int               `range:"[0,)" default:"0" doc:"updates of the weights in this step, instead of epochs, which are long where a text is to be continued"`
	LearningRate schedule.Schedule `doc:"learning rate of that training, a number or a schedule over all of it (default: as optimizer.learning_rate)"`
}

// Trains reports whether the step trains.
func (f *FineTuning) Trains() bool { return f.Epochs > 0 || f.Updates > 0 }

// checkLength expects one length at most, or exactly one where the step does nothing but train.
func (f *FineTuning) checkLength(path string, must bool, p *spec.Problems) {
	switch {
	case f.Epochs > 0 && f.Updates > 0:
		p.Add(path+".updates", "is given beside epochs: keep one of them")
	case must && !f.Trains() && !p.Under(path):
		p.Add(path, "must say how long it trains: epochs, or updates")
	}
}

// length is how long the step trains, in words.
func (f *FineTuning) length() string {
	if f.Updates > 0 {
		return phrase.Count(f.Updates, "update")
	}
	return phrase.Count(f.Epochs, "epoch")
}
