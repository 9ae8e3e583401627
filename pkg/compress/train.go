package compress

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dnn/internal/newfile"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
	"dnn/pkg/train/schedule"
)

// Files of a step that trains, in its folder.
const (
	trainingDir = "training"          // the folder of the run
	beginFile   = "begin.safetensors" // the model that it begins with, where that is not the one of the step before
)

// Train trains a model further, by its own spec, and returns its best weights. from is what the step made of the model before it
// trains, nil for that model itself. change, if not nil, changes the spec of the training. What an earlier process began is resumed.
func (w *Work) Train(how FineTuning, from *Made, change func(c *model.Config)) (*model.File, error) {
	net, begin := w.Model.Net, w.Model.Path
	if from != nil {
		net, begin = from.Net, filepath.Join(w.dir, beginFile)
		if err := model.Save(begin, net, from.State, nil); err != nil {
			return nil, err
		}
	}
	c := *net.Config
	c.Compress = nil
	c.Train.Epochs, c.Train.Steps, c.Train.EarlyStopping = how.Epochs, how.Updates, nil
	c.Train.Test, c.Train.Refit = false, false
	path, err := specPath(net.Dir, begin)
	if err != nil {
		return nil, err
	}
	c.Train.Init = model.Inits{{Model: path, Preprocessing: "model"}}
	c.Train.Prune = held(c.Train.Prune)
	if change != nil {
		change(&c)
	}
	n := *net
	n.Config = &c
	var sets []string
	if how.LearningRate != nil {
		sets = append(sets, "optimizer.learning_rate="+flow(how.LearningRate))
	}
	return w.run.train(&n, filepath.Join(w.dir, trainingDir), sets)
}

// specPath is the path of a file as it is written in a spec of the folder dir.
func specPath(dir, path string) (string, error) {
	move, err := spec.Mover(".", dir)
	if err == nil {
		move(&path)
	}
	return path, err
}

// flow is a schedule as the value of an override.
func flow(s schedule.Schedule) string {
	text := string(spec.Encode(struct{ Rate schedule.Schedule }{s}))
	return strings.TrimPrefix(strings.TrimSpace(text), "rate:")
}

// train trains the net in a folder, or continues to, and returns its best weights.
func (r *runner) train(n *model.Network, dir string, sets []string) (*model.File, error) {
	job, last, err := r.open(n, dir, sets)
	if err != nil {
		return nil, err
	}
	job.Off = r.o.Off
	for _, note := range job.Notes {
		if note.Severity == spec.Warning {
			r.o.Warn(note.Text)
		}
	}
	newfile.CleanTemps(dir)
	trainer, err := train.New(job, train.Options{Dir: dir, Threads: r.o.Threads, Fast: r.o.Fast, Resume: last, Watch: r.o.Watch()})
	if err != nil {
		return nil, err
	}
	defer trainer.Close()
	if err := trainer.Run(r.ctx); err != nil {
		return nil, err
	}
	if _, _, err := train.Tune(trainer); err != nil {
		return nil, err
	}
	return model.Load(filepath.Join(dir, train.BestFile))
}

// open opens the training in a folder: a new one, or what an earlier process began there.
func (r *runner) open(n *model.Network, dir string, sets []string) (job *model.Job, last *model.File, err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, nil, err
	}
	file, checkpoint := filepath.Join(dir, train.SpecFile), filepath.Join(dir, train.LastFile)
	switch _, err = os.Stat(checkpoint); {
	case err == nil:
		if last, err = model.Load(checkpoint); err != nil {
			return nil, nil, err
		}
		doc, err := spec.LoadResolved(file, nil)
		if err != nil {
			return nil, nil, err
		}
		job, err = model.OpenToResume(doc, last)
		return job, last, err
	case !errors.Is(err, fs.ErrNotExist):
		return nil, nil, err
	}
	text, err := n.SpecFor(dir)
	if err != nil {
		return nil, nil, err
	}
	doc, err := spec.Parse(file, text, sets)
	if err != nil {
		return nil, nil, err
	}
	if job, err = model.Open(doc); err != nil {
		return nil, nil, err
	}
	if text, err = job.SpecFor(dir); err != nil {
		return nil, nil, err
	}
	return job, nil, newfile.Write(file, text)
}

// tuned is what a step made, trained on where it says so.
func (w *Work) tuned(made *Made, how FineTuning) (*Made, error) {
	if !how.Trains() {
		return made, nil
	}
	f, err := w.Train(how, made, nil)
	if err != nil {
		return nil, err
	}
	made.Net, made.State = f.Net, f.State
	made.Summary += ", then trained for " + how.length()
	return made, nil
}
