package train

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/work"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// dropRefit removes what an earlier process made of training and validation rows, for as long as weights took that may no longer
// be the best.
func dropRefit(dir string) error {
	if err := os.Remove(filepath.Join(dir, train.RefitFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return os.RemoveAll(filepath.Join(dir, train.RefitDir))
}

// refit trains anew on the rows of training and validation. What an earlier process began is resumed, and what one made is taken.
// The job that it returns is the one that was trained.
func (t *options) refit(first *train.Trainer, done *outcome, dir string, stop *work.Stopper) (*model.Job, *train.Refitted, error) {
	job, err := model.ToRefit(done.job, dataset.KeepImages(), dataset.KeepTexts(), flags.TellEarly(t.term))
	if err != nil {
		return nil, nil, err
	}
	refitted := &train.Refitted{Model: filepath.Join(dir, train.RefitFile), Data: job.Data}
	if _, err := os.Stat(refitted.Model); errors.Is(err, fs.ErrNotExist) {
		if err := t.trainRefit(first, job, done, dir, stop); err != nil {
			return nil, nil, err
		}
	}
	f, err := model.Load(refitted.Model)
	if err != nil {
		return nil, nil, err
	}
	if done.refit = f.Net.Refit; done.refit == nil {
		return nil, nil, exit.Usagef("%s is no model that was refitted; remove it, and resume the run", refitted.Model)
	}
	return job, refitted, nil
}

// trainRefit does the training.
func (t *options) trainRefit(first *train.Trainer, job *model.Job, done *outcome, dir string, stop *work.Stopper) error {
	within, to := filepath.Join(dir, train.RefitDir), train.RefitTo(first)
	if err := os.MkdirAll(within, 0o777); err != nil {
		return err
	}
	engine, err := flags.Engine(t.term)
	if err != nil {
		return err
	}
	o := train.Options{Dir: within, Threads: t.term.Threads, Engine: engine, Fast: t.fast, Refit: to, Watch: t.progress.Watcher()}
	last := filepath.Join(within, train.LastFile)
	if _, err := os.Stat(last); err == nil {
		if o.Resume, err = model.Load(last); err != nil {
			return exit.Bad(err)
		}
	}
	t.term.Note("refitting on the %s of training and validation for %.4g epochs", output.Plural(job.Data.Train.Rows(), "row"), to.Epochs())
	again, err := train.New(job, o)
	var misfit *train.Misfit
	if errors.As(err, &misfit) {
		return exit.Bad(err)
	}
	if err != nil {
		return err
	}
	defer again.Close()
	if err := t.ended(again.Run(stop.Context), again, dir, stop); err != nil {
		return err
	}
	if err := train.SaveRefitted(again, filepath.Join(dir, train.RefitFile), done.job, done.tuning); err != nil {
		return err
	}
	return os.RemoveAll(within)
}
