package compress

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

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

	// Check checks the files that steps from the given one on need, for the net that the recipe begins with, and tells where in a
	// spec a mistake is; nil where there is no spec but that of the model.
	Check func(n *model.Network, from int) error
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
	begin, given := r.begin()
	tasks := r.tasks(o.Recipe.Steps)
	if err := r.check(append([]task{begin}, tasks...), given); err != nil { // before anything is done
		return nil, err
	}
	first, err := r.stage(begin, given)
	if err != nil {
		return nil, err
	}
	rises := r.risen(first.Stage.Figures.Scores)
	res := &Result{Dir: o.Dir, Stages: []Stage{first.Stage}}
	steps, before := o.Recipe.Steps, first
	for i, t := range tasks {
		if ctx.Err() != nil {
			return nil, train.ErrInterrupted
		}
		r.o.Tell(fmt.Sprintf("step %d of %d: %s", i+1, len(steps), t.kind))
		apply := t.apply
		t.apply = func(w *Work) (*Made, error) {
			w.First = first.Stage.Model
			return apply(w)
		}
		after, err := r.stage(t, before)
		if err != nil {
			return nil, fmt.Errorf("compress.steps[%d]: %w", i, err)
		}
		if was, is := before.Stage.Figures.Size, after.Stage.Figures.Size; closes(steps[i]) && is >= was {
			r.o.Warn(fmt.Sprintf("compress.steps[%d]: %s makes the file no smaller, %s bytes for %s: the net is so small that descriptions of forms take what its weights save",
				i, t.kind, phrase.Thousands(int(is)), phrase.Thousands(int(was))))
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

// task is what makes a stage.
type task struct {
	name, kind string // of its folder, of the step
	settings   string // all that it depends on besides the model before
	files      string // digests of the files that it names
	missing    error  // why one of them cannot be read
	apply      func(w *Work) (*Made, error)
}

// begin makes the model that the recipe begins with, trained if it must be, of what is before it.
func (r *runner) begin() (task, *record) {
	if r.o.Model != "" {
		return task{name: givenDir, kind: "start"}, &record{Stage: Stage{Model: r.o.Model}}
	}
	c, n := *r.o.Net.Config, *r.o.Net
	c.Compress, c.Train.Refit, c.Train.Test, n.Config = nil, false, false, &c // the validation split decides
	return task{name: trainedDir, kind: "start", settings: n.Digest + string(spec.Encode(&c)), apply: func(w *Work) (*Made, error) {
		r.o.Tell("training the net of the spec")
		f, err := r.train(&n, filepath.Join(w.dir, trainingDir), nil)
		if err != nil {
			return nil, err
		}
		return &Made{Net: f.Net, State: f.State, Summary: "trained"}, nil
	}}, &record{}
}

// settings are those of a step with its kind, as text.
func settings(s recipe.Step) string {
	return string(spec.Encode(struct{ Step recipe.Step }{s}))
}

// tasks are what the steps of the recipe do. A step that was done needs the files that it names no more.
func (r *runner) tasks(steps []recipe.Step) []task {
	list := make([]task, len(steps))
	for i, s := range steps {
		t := &list[i]
		*t = task{name: fmt.Sprintf("%d-%s", i+1, spec.KeyOf(s)), kind: spec.KeyOf(s), settings: settings(s), apply: s.(Step).Apply}
		f, ok := s.(recipe.Filed)
		if !ok {
			continue
		}
		f.Files(func(path *string) {
			d, err := digest(r.o.path(*path))
			t.files, t.missing = t.files+"\n"+d, cmp.Or(t.missing, err)
		})
		if done, ok := readRecord(filepath.Join(r.o.Dir, t.name)); ok && t.missing != nil && done.Output != "" {
			t.files = done.Files
		}
	}
	return list
}

// check looks for mistakes in the files of what is left to do: those of a recipe that is done may be gone.
func (r *runner) check(tasks []task, before *record) error {
	from := 0
	for ; from < len(tasks); from++ {
		done, ok, err := r.done(tasks[from], before)
		if err != nil {
			return err
		}
		if !ok {
			break
		}
		before = done
	}
	if from == len(tasks) {
		return nil
	}
	left := max(0, from-1) // the first task is none of the steps
	if r.o.Check != nil {
		if err := r.o.Check(r.net, left); err != nil {
			return err
		}
	} else {
		var p spec.Problems
		if model.CheckSteps(r.net, r.o.Recipe.Steps, left, r.o.Paths, "compress.steps", &p); p.Len() > 0 {
			return errors.New(strings.Join(p.Messages(), "\n"))
		}
	}
	for i, t := range tasks[1+left:] {
		if t.missing != nil {
			return fmt.Errorf("compress.steps[%d]: %w", left+i, t.missing)
		}
	}
	return nil
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
