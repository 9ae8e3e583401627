package train

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/work"
	"dnn/internal/newfile"
	"dnn/internal/regular"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

// folderToResume returns the folder that --resume names.
func (t *options) folderToResume() (string, error) {
	if t.out != "" {
		return "", exit.Usagef("--out and --resume %s cannot be used together: a run continues in its own folder", t.resume)
	}
	dir := filepath.Clean(t.resume)
	if filepath.Base(dir) == train.LastFile {
		dir = filepath.Dir(dir)
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return "", exit.Bad(err)
	case !info.IsDir():
		return "", exit.Usagef("--resume %s: expected the folder of a run", t.resume)
	}
	if _, err := os.Stat(filepath.Join(dir, train.LastFile)); err != nil {
		return "", exit.Usagef("--resume %s: the folder has no %s to continue from", t.resume, train.LastFile)
	}
	return dir, nil
}

// newest returns the folder that --resume auto means, "" to start anew.
func (t *options) newest() (string, error) {
	if t.out != "" {
		_, err := os.Stat(filepath.Join(t.out, train.LastFile))
		if err == nil {
			return t.out, nil
		}
		t.term.Note("nothing to resume in %s: starting a new run", t.out)
		return "", nil
	}
	name, err := t.name()
	if err != nil {
		return "", err
	}
	dir, err := unfinished(name, t.prefix())
	if err == nil && dir == "" {
		t.term.Note("no run of %s is left to resume: starting a new run", name)
	}
	return dir, err
}

// goOn resumes the run in dir.
func (t *options) goOn(job *model.Job, dir string, stop *work.Stopper) (*outcome, error) {
	if err := regular.InFolder(dir); err != nil { // the folder may be of others, and a link lead elsewhere
		return nil, exit.Bad(err)
	}
	release, err := work.Lock(dir)
	if err != nil {
		return nil, err
	}
	defer release()
	last, err := model.Load(filepath.Join(dir, train.LastFile))
	if err != nil {
		return nil, exit.Bad(err)
	}
	var done train.Position
	c := &job.Config.Train
	switch err := json.Unmarshal(last.Position, &done); {
	case err != nil: // told where the position is needed
	case c.Steps > 0 && c.Steps < done.Step:
		return nil, exit.Usagef("train.steps: %s is less than the %s that %s has done; nothing was changed", output.Count(c.Steps), output.Plural(done.Step, "step"), dir)
	case c.Steps == 0 && c.Epochs < done.Epoch:
		return nil, exit.Usagef("train.epochs: %d is less than the %s that %s has done; nothing was changed", c.Epochs, output.Plural(done.Epoch, "epoch"), dir)
	}
	newfile.CleanTemps(dir) // what a killed process left half-written
	trainer, err := t.prepare(job, dir, last)
	var misfit *train.Misfit
	switch {
	case errors.As(err, &misfit):
		return nil, exit.Bad(err)
	case err != nil:
		return nil, err
	}
	defer trainer.Close()
	at := trainer.Position()
	switch {
	case at.Stopped:
		t.term.Note("%s is done: early stopping ended it after epoch %d, %s without improvement; to continue, raise train.early_stopping.patience", dir, at.Epoch, output.Plural(at.Wait, "validation"))
	case at.Batch > 0:
		t.term.Note("resuming %s after step %s, in epoch %d", dir, output.Count(at.Step), at.Epoch+1)
	case trainer.Ended() && t.fast:
		t.term.Note("%s is a finished trial", dir)
	case trainer.Ended():
		t.term.Note("%s is done after epoch %d; to continue, raise train.%s", dir, at.Epoch, output.Choose(job.Config.Train.Steps > 0, "steps", "epochs"))
	default:
		t.term.Note("resuming %s after epoch %d", dir, at.Epoch)
	}
	if was := last.Net.Config.Train.Monitor; trainer.Ended() && was != c.Monitor {
		t.term.Warn("train.monitor=%s is ignored: nothing is left to train, and the best weights are those by %s", c.Monitor, was)
	}
	if former := trainer.Former(); former != "" {
		t.term.Note("comparing by %s from here on; the best weights by %s stay in %s", c.Monitor, former, filepath.Join(dir, train.FormerBest(former)))
		if at.BestEpoch > 0 {
			t.term.Note("the best weights by %s are those after epoch %d, from when it was monitored before", c.Monitor, at.BestEpoch)
		}
	}
	return t.work(trainer, job, dir, stop)
}
