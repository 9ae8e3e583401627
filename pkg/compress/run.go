package compress

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"

	"dnn/internal/newfile"
	"dnn/internal/phrase"
	"dnn/pkg/compress/recipe"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// Options are what a recipe is run with.
type Options struct {
	Recipe  *recipe.Recipe
	Paths   string         // folder that paths in the recipe are relative to
	Model   string         // file that the recipe begins with; "" trains Net first
	Net     *model.Network // of the spec, where there is no Model
	Dir     string         // folder of the recipe's run; it exists
	Threads int
	Fast    bool     // a few batches of everything: a trial of every step
	Off     []string // passes switched off by name

	Watch func() train.Watcher // of each training
	Tell  func(text string)    // what is being done
	Warn  func(text string)
}

// ModelFile is the result of a recipe, in the folder of its run and in that of each step.
const ModelFile = model.SmallFile

// Folders of the model that a recipe begins with: one that was given, or one that it trained.
const (
	givenDir   = "0-model"
	trainedDir = "0-train"
)

// runner is a recipe at work.
type runner struct {
	ctx    context.Context
	o      Options
	net    *model.Network // that the recipe began with
	data   *dataset.Data
	loaded *model.File // the model that was loaded last
}

// cleanTemps removes what killed runs left half-written, in the folder and in those of its steps.
func cleanTemps(dir string) {
	newfile.CleanTemps(dir)
	entries, _ := os.ReadDir(dir)
	for _, e := range entries {
		if e.IsDir() {
			newfile.CleanTemps(filepath.Join(dir, e.Name()))
		}
	}
}

// Run runs a recipe. What an earlier run in the same folder did is not done again. When ctx is cancelled, a training writes its
// checkpoint, and Run returns train.ErrInterrupted; to run the recipe again continues it.
func Run(ctx context.Context, o Options) (*Result, error) {
	r := &runner{ctx: ctx, o: o, net: o.Net}
	cleanTemps(o.Dir)
	if o.Model != "" {
		f, err := r.load(o.Model)
		if err != nil {
			return nil, err
		}
		r.net = f.Net
	}
	files, err := r.files(o.Recipe.Steps) // before anything is done
	if err != nil {
		return nil, err
	}
	first, err := r.begin()
	if err != nil {
		return nil, err
	}
	rises := r.risen(first.Stage.Figures.Scores)
	res := &Result{Dir: o.Dir, Stages: []Stage{first.Stage}}
	steps, before := o.Recipe.Steps, first
	for i, s := range steps {
		if ctx.Err() != nil {
			return nil, train.ErrInterrupted
		}
		name := fmt.Sprintf("%d-%s", i+1, spec.KeyOf(s))
		r.o.Tell(fmt.Sprintf("step %d of %d: %s", i+1, len(steps), spec.KeyOf(s)))
		after, err := r.stage(name, spec.KeyOf(s), settings(s)+files[i], before, func(w *Work) (*Made, error) {
			w.First = first.Stage.Model
			return s.(Step).Apply(w)
		})
		if err != nil {
			return nil, fmt.Errorf("compress.steps[%d]: %w", i, err)
		}
		if was, is := before.Stage.Figures.Size, after.Stage.Figures.Size; closes(s) && is >= was {
			r.o.Warn(fmt.Sprintf("compress.steps[%d]: %s makes the file no smaller, %s bytes for %s: the net is so small that descriptions of forms take what its weights save",
				i, spec.KeyOf(s), phrase.Thousands(int(is)), phrase.Thousands(int(was))))
		}
		res.Stages, before = append(res.Stages, after.Stage), after
		if res.judge(&o.Recipe.Budget, rises); lost(res.Stages[i+1].Breaks) && !anyTrains(steps[i+1:]) && i+1 < len(steps) {
			res.Ended = "no later step trains, which could regain it"
			break
		}
	}
	if err := dropOthers(o.Dir, res.Stages); err != nil {
		return nil, err
	}
	res.judge(&o.Recipe.Budget, rises)
	return res, r.finish(res)
}

// begin is the model that the recipe begins with, trained if it must be.
func (r *runner) begin() (*record, error) {
	if r.o.Model != "" {
		return r.stage(givenDir, "start", "", &record{Stage: Stage{Model: r.o.Model}}, nil)
	}
	c, n := *r.o.Net.Config, *r.o.Net
	c.Compress, c.Train.Refit, c.Train.Test, n.Config = nil, false, false, &c // the validation split decides
	return r.stage(trainedDir, "start", n.Digest+string(spec.Encode(&c)), &record{}, func(w *Work) (*Made, error) {
		r.o.Tell("training the net of the spec")
		f, err := r.train(&n, filepath.Join(w.dir, trainingDir), nil)
		if err != nil {
			return nil, err
		}
		return &Made{Net: f.Net, State: f.State, Summary: "trained"}, nil
	})
}

// settings are those of a step with its kind, as text.
func settings(s recipe.Step) string {
	return string(spec.Encode(struct{ Step recipe.Step }{s}))
}

// files are, of each step, the digests of the files that it names.
func (r *runner) files(steps []recipe.Step) ([]string, error) {
	digests := make([]string, len(steps))
	for i, s := range steps {
		f, ok := s.(recipe.Filed)
		if !ok {
			continue
		}
		var err error
		f.Files(func(path *string) {
			d, failed := digest(r.o.path(*path))
			digests[i], err = digests[i]+"\n"+d, cmp.Or(err, failed)
		})
		if err != nil {
			return nil, fmt.Errorf("compress.steps[%d]: %w", i, err)
		}
	}
	return digests, nil
}

// path is where a path of the recipe leads. The folder of a run stands for the model in it.
func (o *Options) path(name string) string {
	if !filepath.IsAbs(name) {
		name = filepath.Join(o.Paths, name)
	}
	return cmp.Or(model.InFolder(name), name)
}

func closes(s recipe.Step) bool {
	c, ok := s.(recipe.Closing)
	return ok && c.Closes()
}

func anyTrains(steps []recipe.Step) bool {
	for _, s := range steps {
		if t, ok := s.(recipe.Training); ok && t.Trains() {
			return true
		}
	}
	return false
}

// load reads a model of the recipe, unless it is the one that was read last.
func (r *runner) load(path string) (*model.File, error) {
	if r.loaded != nil && r.loaded.Path == path {
		return r.loaded, nil
	}
	f, err := model.Load(path)
	if err == nil {
		r.loaded = f
	}
	return f, err
}

// splits are those of the data that a model was trained on. All models of a recipe were trained on the same.
func (r *runner) splits(f *model.File) (*dataset.Data, error) {
	if r.data == nil {
		data, err := f.Data()
		if err != nil {
			return nil, err
		}
		r.data = data
	}
	return r.data, nil
}
