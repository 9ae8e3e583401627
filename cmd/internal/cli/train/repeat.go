package train

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/history"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/work"
	"dnn/internal/newfile"
	"dnn/internal/regular"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

// repeat asks for several runs of a spec.
type repeat struct {
	seeds, folds int
	parent       string // the folder of all their runs; "" for a single run
}

// repetition says how runs of a spec differ. It is in the folder of all, as history.RepeatFile.
type repetition struct {
	By     string   `json:"by"`     // seed or fold
	Values []uint64 `json:"values"` // the seeds, or the folds from 1
}

// repeats trains several times if the flags, or the folder to resume, ask for it.
func (t *options) repeats() (yes bool, err error) {
	for _, n := range []struct {
		flag  string
		count int
	}{{"seeds", t.seeds}, {"folds", t.folds}} {
		if n.count < 0 || n.count == 1 || n.count > 1000 {
			return true, exit.Usagef("--%s: expected a number from 2 to 1000, got %d", n.flag, n.count)
		}
	}
	asked := t.seeds+t.folds > 0
	if asked && t.resume != "" && t.resume != "auto" {
		return true, exit.Usagef("--seeds and --folds begin several runs; --resume %s alone continues those in that folder", t.resume)
	}
	var r *repetition
	switch {
	case t.resume == "auto" && asked:
		t.parent, err = t.unfinishedParent()
	case t.resume != "" && t.resume != "auto":
		if _, err := os.Stat(filepath.Join(t.resume, history.RepeatFile)); err == nil {
			t.parent = filepath.Clean(t.resume)
		}
	}
	if err != nil || !asked && t.parent == "" {
		return false, err
	}
	if t.parent != "" {
		if err := regular.InFolder(t.parent); err != nil { // the folder may be of others, and a link lead elsewhere
			return true, exit.Bad(err)
		}
		if r, err = readRepetition(t.parent); err != nil {
			return true, err
		}
		if t.spec.File == "" {
			t.spec.File = filepath.Join(t.parent, train.SpecFile)
		}
	}
	return true, t.runRepeated(r)
}

// readRepetition reads how the runs in a folder differ.
func readRepetition(parent string) (*repetition, error) {
	path := filepath.Join(parent, history.RepeatFile)
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, exit.Bad(err)
	}
	r := &repetition{}
	if err := json.Unmarshal(data, r); err != nil || r.By != "seed" && r.By != "fold" || len(r.Values) < 2 {
		return nil, exit.Usagef("%s: does not say how the runs differ", path)
	}
	return r, nil
}

// unfinishedParent returns the newest folder of runs with these flags that is not done, or the one that --out names, "" to start
// anew.
func (t *options) unfinishedParent() (string, error) {
	if t.out != "" {
		r, err := readRepetition(t.out)
		if err == nil && len(r.Values) == t.seeds+t.folds && (r.By == "fold") == (t.folds > 0) {
			return t.out, nil
		}
		t.term.Note("nothing to resume in %s: starting new runs", t.out)
		return "", nil
	}
	name, err := t.name()
	if err != nil {
		return "", err
	}
	within := filepath.Join(runsDir, name)
	numbers, err := runNumbers(within, t.parentPrefix())
	if err != nil {
		return "", err
	}
	for _, n := range slices.Backward(numbers) {
		dir := filepath.Join(within, fmt.Sprintf("%s%04d", t.parentPrefix(), n))
		r, err := readRepetition(dir)
		if err == nil && len(r.Values) == t.seeds+t.folds && !history.Done(dir) {
			return dir, nil
		}
	}
	t.term.Note("no run of %s is left to resume: starting new runs", name)
	return "", nil
}

// parentPrefix is what the names of folders with several runs begin with.
func (t *options) parentPrefix() string {
	return t.prefix() + output.Choose(t.folds > 0, "folds-", "seeds-")
}

// begun makes the folder of several runs that begin, and keeps it until release.
func (t *options) begun(job *model.Job) (r *repetition, release func(), err error) {
	r = &repetition{By: "fold"}
	for i := range t.folds {
		r.Values = append(r.Values, uint64(i+1))
	}
	if t.seeds > 0 {
		r.By = "seed"
		for i := range t.seeds {
			r.Values = append(r.Values, job.Config.Seed+uint64(i))
		}
	}
	if t.parent = t.out; t.parent != "" {
		release, err = claim(t.parent, t.spec.File, t.resume == "auto")
	} else if t.parent, err = newRun(job.Config.Name, t.parentPrefix()); err == nil {
		release, err = work.Lock(t.parent)
	}
	if err != nil {
		return nil, nil, err
	}
	data, err := json.Marshal(r)
	if err == nil {
		err = newfile.Write(filepath.Join(t.parent, history.RepeatFile), append(data, '\n'))
	}
	if err != nil {
		release()
		return nil, nil, err
	}
	return r, release, nil
}

// runRepeated trains all runs, or continues them, and prints their figures.
func (t *options) runRepeated(r *repetition) error {
	if t.seeds+t.folds > 0 && t.folds > 0 || r != nil && r.By == "fold" { // mistakes in the folds are told before there is a folder
		t.spec.Sets = append(t.spec.Sets, "train.test=false", "train.refit=false")
	}
	job, err := t.spec.OpenToResume("")
	if err != nil {
		return err
	}
	stop := work.Catch()
	defer stop.Release()
	var release func()
	if r == nil {
		if err := t.checkFolds(job); err != nil {
			return err
		}
		r, release, err = t.begun(job)
	} else {
		release, err = work.Lock(t.parent)
	}
	if err != nil {
		return err
	}
	defer release()
	text, err := job.SpecFor(t.parent)
	if err != nil {
		return err
	}
	if err := newfile.Write(filepath.Join(t.parent, train.SpecFile), text); err != nil {
		return err
	}
	if err := history.DropResult(t.parent); err != nil {
		return err
	}
	job.Data.Forget() // each run loads its own
	all := &repeated{Name: job.Config.Name, Run: t.parent, By: r.By, Fast: t.fast}
	for i, v := range r.Values {
		t.term.Note("%s %d (%d of %d)", r.By, v, i+1, len(r.Values))
		done, err := t.runOne(r, v, job, stop)
		if err != nil {
			return err
		}
		all.add(v, newResult(done))
	}
	if err := history.WriteResult(t.parent, all.summed()); err != nil {
		return err
	}
	if t.json {
		return t.term.WriteJSON(all)
	}
	all.print(t.term)
	return nil
}

// checkFolds tells mistakes that the folds alone make.
func (t *options) checkFolds(job *model.Job) error {
	if t.folds == 0 {
		return nil
	}
	doc, err := spec.Parse(filepath.Join(job.Dir, job.Config.Name+".yaml"), nil, nil)
	if err != nil {
		return err
	}
	text, err := job.SpecFor("")
	if err != nil {
		return err
	}
	if doc, err = spec.Parse(doc.File, text, (&repetition{By: "fold", Values: make([]uint64, t.folds)}).sets(1, job)); err != nil {
		return err
	}
	_, err = model.OpenData(doc)
	return err
}

// sets are the overrides of the run with that value.
func (r *repetition) sets(v uint64, job *model.Job) []string {
	if r.By == "fold" {
		return []string{fmt.Sprintf("dataset.split.folds=%d", len(r.Values)), fmt.Sprintf("dataset.split.fold=%d", v)}
	}
	sets := []string{fmt.Sprintf("seed=%d", v)}
	if split := &job.Config.Dataset.Split; split.Seed == nil && (split.Order == nil || !*split.Order) { // all have the same splits
		sets = append(sets, fmt.Sprintf("dataset.split.seed=%d", job.Config.Seed))
	}
	return sets
}

// runOne trains one of the runs, or continues it.
func (t *options) runOne(r *repetition, v uint64, job *model.Job, stop *work.Stopper) (*outcome, error) {
	doc, err := spec.LoadResolved(filepath.Join(t.parent, train.SpecFile), r.sets(v, job))
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(t.parent, fmt.Sprintf("%s-%d", r.By, v))
	_, err = os.Stat(filepath.Join(dir, train.LastFile))
	resumes, open := err == nil, model.Open
	switch {
	case resumes:
		open = func(doc *spec.Document, options ...dataset.Option) (*model.Job, error) {
			return flags.OpenToResume(doc, filepath.Join(dir, train.LastFile), options...)
		}
	case errors.Is(err, fs.ErrNotExist): // also what a process left that was killed before its first checkpoint
		err = os.RemoveAll(dir)
	}
	if err == nil {
		job, err = open(doc, dataset.KeepImages(), dataset.KeepTexts(), flags.TellEarly(t.term))
	}
	if err != nil {
		return nil, err
	}
	job.Off = t.off
	if resumes {
		return t.goOn(job, dir, stop)
	}
	t.out = dir
	return t.begin(job, stop)
}
