package train

import (
	"encoding/json"
	"fmt"

	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/scores"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/format"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
	"dnn/pkg/train"
)

// result is what "dnn train --json" prints.
type result struct {
	Name           string            `json:"name"`
	Run            string            `json:"run"`
	Model          string            `json:"model"`
	Epochs         int               `json:"epochs"`
	Steps          int               `json:"steps"`
	BestEpoch      int               `json:"best_epoch"`
	StoppedEarly   bool              `json:"stopped_early,omitempty"`
	Fast           bool              `json:"fast,omitempty"` // a trial: a few batches of everything
	Monitor        string            `json:"monitor"`
	StillImproving *train.Improving  `json:"still_improving,omitempty"`
	Pruned         []pruning.Figures `json:"pruned,omitempty"` // of each parameter that train.prune takes
	Refit          *model.Refit      `json:"refit,omitempty"`
	Tuning         model.Tunings     `json:"tuning,omitempty"` // of each target
	Train          *infer.Scores     `json:"train,omitempty"`
	Validation     *infer.Scores     `json:"validation,omitempty"`
	Test           *infer.Scores     `json:"test,omitempty"`
	Plots          []string          `json:"plots,omitempty"`
	Misclassified  paths             `json:"misclassified,omitempty"`
	Pictures       []string          `json:"pictures,omitempty"` // the former name of plots
	Mistakes       paths             `json:"mistakes,omitempty"` // the former name of misclassified
}

// paths are one, which is a text in JSON, or several, which are a list.
type paths []string

func (p paths) MarshalJSON() ([]byte, error) {
	if len(p) == 1 {
		return json.Marshal(p[0])
	}
	return json.Marshal([]string(p))
}

func newResult(done *outcome) *result {
	job, res, files := done.job, done.res, done.files
	at := res.Position
	r := &result{
		Name: job.Config.Name, Run: res.Dir, Model: res.Model, Epochs: at.Epoch, Steps: at.Step, BestEpoch: at.BestEpoch,
		StoppedEarly: at.Stopped, StillImproving: res.Improving, Pruned: res.Pruned, Fast: at.Fast, Monitor: at.By, Refit: done.refit, Tuning: done.tuning, Plots: files.Plots, Pictures: files.Plots, Misclassified: files.Misclassified, Mistakes: files.Misclassified,
	}
	for _, p := range res.Parts {
		switch p.Part {
		case "train":
			r.Train = p.Scores
		case "validation":
			r.Validation = p.Scores
		case "test":
			r.Test = p.Scores
		}
	}
	return r
}

// print prints the results of a training.
func (t *options) print(done *outcome) {
	job, res, files := done.job, done.res, done.files
	at := res.Position
	early := ""
	if at.Stopped {
		early = ", stopped early"
	}
	if at.Fast {
		early += " of a few batches (--fast)"
	}
	fmt.Fprintf(t.term.Out, "%s: %s%s; best after epoch %d (%s)\n\n", job.Config.Name, output.Plural(at.Epoch, "epoch"), early, at.BestEpoch, at.By)
	if r := done.refit; r != nil {
		fmt.Fprintf(t.term.Out, "refitted on the %s of training and validation for %.4g epochs; that model %s\n\n", output.Plural(r.Rows, "row"), r.Epochs,
			output.Choose(res.Has("test"), "has the figures of test", "has no figures here: no split is left to score it"))
	}
	if res.Pruned != nil {
		tellPruned(t.term, res.Pruned)
	}
	var splits []string
	var list []*infer.Scores
	for _, p := range res.Parts {
		splits, list = append(splits, p.Part), append(list, p.Scores)
	}
	scores.Table(t.term, splits, list)
	scores.Tuning(t.term, job.Heads, done.tuning)
	scores.ClassCounts(t.term, job.Heads, res.Parts)
	rest := output.Table{Left: 2}
	rest.Add("model", res.Model)
	for i, p := range files.Plots {
		rest.Add([]string{"plots", ""}[min(i, 1)], p)
	}
	for i, p := range files.Misclassified {
		rest.Add([]string{"misclassified", ""}[min(i, 1)], p)
	}
	next, note := nextStep(job, res.Model)
	rest.Add("next", next)
	if note != "" {
		rest.Add("", note)
	}
	fmt.Fprintln(t.term.Out)
	rest.Write(t.term.Out, nil)
}

// nextStep is a command that uses a model, and what is to be said of its files.
func nextStep(job *model.Job, file string) (command, note string) {
	horizon := job.Heads[0].Horizon
	switch {
	case dataset.ContinuesText(job.Schema):
		return "dnn generate " + output.ShellWord(file), ""
	case horizon == 0:
		return "dnn predict " + output.ShellWord(file) + " " + output.Choose(imagesAlone(job), "image.png", "new.csv"), ""
	}
	steps := max(horizon, job.Heads[0].Season)
	command = fmt.Sprintf("dnn forecast %s --steps %d", output.ShellWord(file), steps)
	given := forecast.NeededAhead(job.Schema, steps)
	if len(given) == 0 {
		return command, ""
	}
	rows := output.Plural(steps, "row")
	if t := job.Schema.Ordering; t != nil && t.Group != "" {
		rows += " of each " + t.Group
	}
	return command + " --data FILE", fmt.Sprintf("FILE: the history, then %s with %s", rows, output.List(given, 10))
}

// imagesAlone reports whether a model reads image files themselves, not rows of a table.
func imagesAlone(job *model.Job) bool {
	_, folder := job.Config.Dataset.Format.(format.ImageFiles)
	_, idx := job.Config.Dataset.Format.(format.Arrays)
	return (folder || idx) && job.Schema.ImageInput() != nil
}
