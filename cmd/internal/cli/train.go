package cli

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"dnn/internal/newfile"
	"dnn/pkg/dataset"
	"dnn/pkg/graph/pass"
	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

type trainCommand struct {
	app    *app
	spec   specFlags
	out    string
	resume string
	fast   bool
	json   bool
	off    []string
}

func (a *app) train() *cobra.Command {
	t := &trainCommand{app: a}
	cmd := &cobra.Command{
		Use:   "train -c SPEC",
		Short: "Train the net of a spec",
		Long: `Train the net of a spec and keep its best weights.

The whole spec is held against its data first; a mistake never reaches training. A run gets a folder of its own,
runs/NAME/0001 and so on, unless --out names one:

  spec.yaml            the spec with every default, its paths relative to the folder
  metrics.jsonl        a line for each validation
  best.safetensors     the best weights, for "dnn eval" and "dnn predict"
  last.safetensors     the newest checkpoint, for --resume
  *.png, *.svg         learning curve and confusion matrix or predictions

Ctrl-C (or SIGTERM) finishes the step, writes a checkpoint and exits with 130 (143); a second one ends at once. A
training that was interrupted, or killed, and resumed ends in the same bits as one that was not. --resume auto takes the
newest run of that name that is not done and starts anew when there is none; epochs may be changed on the way.`,
		Example: `  dnn train -c penguins.yaml
  dnn train -c penguins.yaml --set train.epochs=5 --set optimizer.learning_rate=0.003 --out trial
  dnn train -c penguins.yaml --resume auto
  dnn train --resume runs/penguins/0001 --set train.epochs=200
  dnn train -c penguins.yaml --json | jq .test.accuracy`,
		Args: arguments(0, 0, "its spec with -c FILE"),
		RunE: a.run(func([]string) error { return t.run() }),
	}
	t.spec.add(a, cmd)
	t.spec.addSeed(cmd)
	f := cmd.Flags()
	f.StringVarP(&t.out, "out", "o", "", "folder of the run, which must be empty or new (default runs/NAME/0001, 0002, …)")
	f.StringVar(&t.resume, "resume", "", "go on with the run in this folder, or with the newest that is not done: auto")
	f.BoolVar(&t.fast, "fast", false, "a few batches of everything: a trial that each part works, in runs/NAME/fast-0001 unless --out names a folder")
	f.BoolVar(&t.json, "json", false, "print the results as one JSON object")
	f.StringArrayVar(&t.off, "off", nil, "switch a pass of the compiler off (see 'dnn list passes'); no bit of the result changes")
	cmd.MarkFlagDirname("out")
	cmd.MarkFlagDirname("resume")
	cmd.RegisterFlagCompletionFunc("off", cobra.FixedCompletions(pass.Names(), cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (t *trainCommand) run() error {
	dir := ""
	if t.resume != "" && t.resume != "auto" {
		var err error
		if dir, err = t.folderToResume(); err != nil {
			return err
		}
		if t.spec.file == "" {
			t.spec.file = filepath.Join(dir, train.SpecFile)
		}
	}
	job, err := t.spec.open(dataset.KeepPictures())
	if err != nil {
		return err
	}
	if err := checkOff(t.off); err != nil {
		return err
	}
	job.Off = t.off
	if t.resume == "auto" {
		if dir, err = t.newest(job.Config.Name); err != nil {
			return err
		}
	}
	stop := catch() // before there is a folder that an early signal could leave without a checkpoint
	defer stop.release()
	if dir != "" {
		return t.goOn(job, dir, stop)
	}
	return t.begin(job, stop)
}

// checkOff wants names of passes that can be switched off.
func checkOff(off []string) error {
	for _, name := range off {
		if !slices.Contains(pass.Names(), name) {
			return usagef("--off %s: no such pass can be switched off%s", name, spec.DidYouMean(name, pass.Names()))
		}
	}
	return nil
}

// folderToResume returns the folder that --resume names.
func (t *trainCommand) folderToResume() (string, error) {
	if t.out != "" {
		return "", usagef("--out and --resume %s exclude each other: a run goes on in its own folder", t.resume)
	}
	dir := filepath.Clean(t.resume)
	if filepath.Base(dir) == train.LastFile {
		dir = filepath.Dir(dir)
	}
	info, err := os.Stat(dir)
	switch {
	case err != nil:
		return "", bad(err)
	case !info.IsDir():
		return "", usagef("--resume %s: want the folder of a run", t.resume)
	}
	if _, err := os.Stat(filepath.Join(dir, train.LastFile)); err != nil {
		return "", usagef("--resume %s: the folder has no %s to go on from", t.resume, train.LastFile)
	}
	return dir, nil
}

// newest returns the folder that --resume auto means, "" to start anew.
func (t *trainCommand) newest(name string) (string, error) {
	if t.out != "" {
		_, err := os.Stat(filepath.Join(t.out, train.LastFile))
		if err == nil {
			return t.out, nil
		}
		t.app.note("nothing to resume in %s: starting anew", t.out)
		return "", nil
	}
	dir, err := unfinished(name, t.prefix())
	if err == nil && dir == "" {
		t.app.note("no run of %s is left to resume: starting anew", name)
	}
	return dir, err
}

// prefix is what the names of the run folders begin with.
func (t *trainCommand) prefix() string {
	if t.fast {
		return trialPrefix
	}
	return ""
}

// begin trains from the start in a folder of its own.
func (t *trainCommand) begin(job *model.Job, stop *stopper) error {
	dir, made, err := t.out, false, error(nil)
	if dir == "" {
		dir, err = newRun(job.Config.Name, t.prefix())
		made = true
	} else {
		err = claim(dir)
	}
	if err != nil {
		return err
	}
	began := false
	defer func() {
		if made && !began {
			os.RemoveAll(dir)
		}
	}()
	release, err := lock(dir)
	if err != nil {
		return err
	}
	defer release()
	trainer, err := t.prepare(job, dir, nil)
	if err != nil {
		return err
	}
	defer trainer.Close()
	began = true
	return t.work(trainer, job, dir, stop)
}

// goOn resumes the run in dir.
func (t *trainCommand) goOn(job *model.Job, dir string, stop *stopper) error {
	release, err := lock(dir)
	if err != nil {
		return err
	}
	defer release()
	last, err := model.Load(filepath.Join(dir, train.LastFile))
	if err != nil {
		return bad(err)
	}
	var done train.Position
	c := &job.Config.Train
	switch err := json.Unmarshal(last.Position, &done); {
	case err != nil: // told where the position is needed
	case c.Steps > 0 && c.Steps < done.Step:
		return usagef("train.steps: %s is less than the %s that %s has done; nothing was changed", count(c.Steps), plural(done.Step, "step"), dir)
	case c.Steps == 0 && c.Epochs < done.Epoch:
		return usagef("train.epochs: %d is less than the %s that %s has done; nothing was changed", c.Epochs, plural(done.Epoch, "epoch"), dir)
	}
	newfile.CleanTemps(dir) // what a killed process left half-written
	trainer, err := t.prepare(job, dir, last)
	var misfit *train.Misfit
	switch {
	case errors.As(err, &misfit):
		return bad(err)
	case err != nil:
		return err
	}
	defer trainer.Close()
	at := trainer.Position()
	switch {
	case at.Stopped:
		t.app.note("%s is done: early stopping ended it after epoch %d, %s after the best; to go on, raise train.early_stopping.patience", dir, at.Epoch, plural(at.Wait, "validation"))
	case at.Batch > 0:
		t.app.note("resuming %s after step %s, in epoch %d", dir, count(at.Step), at.Epoch+1)
	case trainer.Ended() && t.fast:
		t.app.note("%s is a trial that is done", dir)
	case trainer.Ended():
		t.app.note("%s is done after epoch %d; to go on, raise train.%s", dir, at.Epoch, choose(job.Config.Train.Steps > 0, "steps", "epochs"))
	default:
		t.app.note("resuming %s after epoch %d", dir, at.Epoch)
	}
	return t.work(trainer, job, dir, stop)
}

// prepare writes the resolved spec and sets up the training.
func (t *trainCommand) prepare(job *model.Job, dir string, last *model.File) (*train.Trainer, error) {
	watch := t.app.watcher(job)
	trainer, err := train.New(job, train.Options{Dir: dir, Threads: t.app.settings.Threads, Fast: t.fast, Resume: last, Watch: watch})
	if err != nil {
		return nil, err
	}
	text, err := job.SpecFor(dir)
	if err == nil {
		err = newfile.Write(filepath.Join(dir, train.SpecFile), text)
	}
	if err != nil {
		trainer.Close()
		return nil, err
	}
	return trainer, nil
}

// work trains to the end and tells the results.
func (t *trainCommand) work(trainer *train.Trainer, job *model.Job, dir string, stop *stopper) error {
	for _, n := range job.Data.Notes.Warnings() {
		fmt.Fprintln(t.app.err, n)
	}
	_, total, err := job.Summarize(job.Config.Train.BatchSize)
	if err != nil {
		return err
	}
	t.app.note("%s: %s on %s rows, in %s", job.Config.Name, plural(total.Trained+total.Frozen, "parameter"), count(job.Data.Train.Rows()), dir)
	err = trainer.Run(stop.ctx)
	t.app.endProgress()
	var diverged *train.Diverged
	switch {
	case errors.Is(err, train.ErrInterrupted):
		at := trainer.Position()
		fmt.Fprintf(t.app.err, "interrupted after step %s; resume with: dnn train --resume %s%s\n", count(at.Step), shellWord(dir), choose(t.fast, " --fast", ""))
		return &exit{code: codeSignal + stop.number()}
	case errors.As(err, &diverged):
		return &exit{codeDiverged, err, t.afterDivergence(diverged, dir)}
	case err != nil:
		return err
	}
	res, err := trainer.Finish()
	if err != nil {
		return err
	}
	if t.json {
		return t.app.writeJSON(newTrainResult(job, dir, res))
	}
	t.app.tellTraining(job, res)
	return nil
}

// largeTarget is from where on numbers to predict are rather learned on a scale of their own.
const largeTarget = 100

func (t *trainCommand) afterDivergence(d *train.Diverged, dir string) string {
	hint := "a smaller learning rate or train.gradient_clip may help"
	if d.Target > largeTarget {
		hint = fmt.Sprintf("the target goes up to %s: dataset.target.normalize: zscore makes it small; else ", figure(d.Target)) + hint
	}
	if _, err := os.Stat(filepath.Join(dir, train.BestFile)); !errors.Is(err, fs.ErrNotExist) {
		hint += "; the best weights until then lie in " + filepath.Join(dir, train.BestFile)
	}
	return hint
}
