// Package train is "dnn train".
package train

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/history"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/scores"
	"dnn/cmd/internal/cli/term"
	"dnn/cmd/internal/cli/work"
	"dnn/internal/newfile"
	"dnn/internal/regular"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/report"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

type options struct {
	term   *term.Terminal
	spec   flags.Spec
	out    string
	resume string
	fast   bool
	noTest bool
	json   bool
	off    []string
	repeat
	job

	progress work.Progress
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	t := &options{term: terminal, progress: work.Progress{Term: terminal}}
	cmd := &cobra.Command{
		Use:   "train SPEC",
		Short: "Train the net of a spec",
		Long: `Train the net of a spec and keep its best weights.

The whole spec is checked against its data first, so a mistake never reaches training. Each run gets its own folder:
runs/NAME/0001 and so on, or the one that --out names:

  spec.yaml            the spec with every default; its paths are relative to the folder
  metrics.jsonl        one line per validation
  best.safetensors     the best weights, for "dnn eval" and "dnn predict"
  last.safetensors     the newest checkpoint, for --resume
  refit.safetensors    with train.refit: the weights learned on the training and the validation split, for use
  result.json          what --json prints, for "dnn runs" and "dnn diff"
  misclassified.csv    the misclassified rows of the last split, the most confident first
  *.png, *.svg         learning curve, confusion matrix and probabilities, or predictions and errors

Ctrl-C (SIGTERM, SIGHUP) finishes the step, writes a checkpoint and exits with 130 (143, 129); a second one exits at once.
A checkpoint is also written every 30 seconds (train.checkpoint.every_seconds), with the best weights so far. A run that
was interrupted or killed, then resumed, ends in the same bits as one that was not. --resume auto continues the newest
unfinished run of that name, or the one in --out, or starts a new one; the number of epochs may be changed.

--seeds 3 trains three times, with the spec's seed and those that follow it, on the same splits. --folds 5 trains five times
for a cross-validation: the rows that the test split leaves are cut into five folds, and each is the validation split once.
Classes are dealt out evenly, groups (dataset.split.group) stay together, and in rows that follow one another in time each fold
comes after those that it is trained on. The figures of all, their mean and their standard deviation are printed. The runs lie
in one folder, such as runs/NAME/folds-0001, whose training --resume continues. --folds does not look at the test split.

--mpi shares the training out among the processes of an MPI job: mpirun -n 4 dnn-accel train -c SPEC --mpi. Batches are cut into
train.shards shards, by default one for each process; any number of processes ends in the same bits for the same shards, and
continues what another number began. See docs/clusters.md.

The test split is scored once, when the training ends. --no-test (train.test: false) leaves that to "dnn eval". With
train.refit: true, the net is then trained anew on the training and the validation split, for as many epochs as the best
weights took.`,
		Example: `  dnn train -c penguins.yaml
  dnn train -c penguins.yaml --set train.epochs=5 --set optimizer.learning_rate=0.003 --out trial
  dnn train -c penguins.yaml --resume auto
  dnn train --resume runs/penguins/0001 --set train.epochs=200
  dnn train -c penguins.yaml --json | jq .test.accuracy
  dnn train -c penguins.yaml --folds 5
  mpirun -n 4 dnn-accel train -c penguins.yaml --mpi
  dnn train -c penguins.yaml --seeds 3 --json | jq .figures.test.accuracy.mean`,
		Args: flags.Arguments(0, 1, "one SPEC"),
		RunE: flags.Run(terminal, func(args []string) error {
			if err := t.spec.Take(args); err != nil {
				return err
			}
			return t.run()
		}),
	}
	t.spec.Add(terminal, cmd)
	t.spec.AddSeed(cmd)
	f := cmd.Flags()
	f.StringVarP(&t.out, "out", "o", "", "folder of the run, empty or new (default runs/NAME/0001, 0002, …)")
	f.StringVar(&t.resume, "resume", "", "continue the run in this folder, or the newest unfinished run: auto")
	f.BoolVar(&t.fast, "fast", false, "a trial run on a few batches, in runs/NAME/fast-0001 unless --out names a folder")
	f.BoolVar(&t.noTest, "no-test", false, "leave the test split for later, as train.test: false does")
	f.IntVar(&t.seeds, "seeds", 0, "train so many times, with the spec's seed and those that follow it")
	f.IntVar(&t.folds, "folds", 0, "train so many times, each time with another part of the rows as validation split (cross-validation)")
	flags.Exclusive(cmd, "seeds", "folds")
	f.BoolVar(&t.mpi, "mpi", false, "train with all processes that mpirun or srun started (dnn-accel)")
	f.BoolVar(&t.json, "json", false, "print the results as one JSON object")
	flags.AddOff(cmd, &t.off)
	flags.AddDevice(cmd)
	cmd.MarkFlagDirname("out")
	cmd.MarkFlagDirname("resume")
	return cmd
}

func (t *options) run() error {
	if err := flags.CheckOff(t.off); err != nil {
		return err
	}
	if t.noTest {
		t.spec.Sets = append(t.spec.Sets, "train.test=false")
	}
	if t.mpi {
		return onRanks(t)
	}
	if again, err := t.repeats(); err != nil || again {
		return err
	}
	dir, err := t.toResume()
	if err != nil {
		return err
	}
	open := t.spec.Open
	if dir != "" {
		open = func(options ...dataset.Option) (*model.Job, error) {
			return t.spec.OpenToResume(filepath.Join(dir, train.LastFile), options...)
		}
	}
	job, err := open(dataset.KeepImages(), dataset.KeepTexts())
	if err != nil {
		return err
	}
	job.Off = t.off
	stop := work.Catch() // before there is a folder that an early signal could leave without a checkpoint
	defer stop.Release()
	return t.trained(job, dir, stop)
}

// toResume is the folder of the run that is resumed, "" of one that begins.
func (t *options) toResume() (dir string, err error) {
	switch t.resume {
	case "":
		return "", nil
	case "auto":
		return t.newest()
	}
	if dir, err = t.folderToResume(); err == nil && t.spec.File == "" {
		t.spec.File = filepath.Join(dir, train.SpecFile)
		if err := regular.Check(t.spec.File); err != nil { // a pipe would be waited for
			return "", exit.Bad(err)
		}
	}
	return dir, err
}

// trained trains, in a folder of its own or in that of the run that is resumed, and prints what it comes to.
func (t *options) trained(job *model.Job, dir string, stop *work.Stopper) (err error) {
	var done *outcome
	if dir != "" {
		done, err = t.goOn(job, dir, stop)
	} else {
		done, err = t.begin(job, stop)
	}
	switch {
	case err != nil:
		return err
	case t.json:
		err = t.term.WriteJSON(newResult(done))
	default:
		t.print(done)
	}
	t.judge(done.res, job.HigherIsBetter())
	return err
}

// name is that of the spec, after which the folder of its runs is called.
func (t *options) name() (string, error) {
	doc, err := t.spec.Document()
	if err != nil {
		return "", err
	}
	return model.Decode(doc, &spec.Problems{}).Name, nil // mistakes are told when the spec is opened
}

// prefix is what the names of the run folders begin with.
func (t *options) prefix() string {
	if t.fast {
		return trialPrefix
	}
	return ""
}

// begin trains from the start in a folder of its own.
func (t *options) begin(job *model.Job, stop *work.Stopper) (*outcome, error) {
	dir, release, err := folder(t, job)
	if err != nil {
		return nil, err
	}
	defer release()
	trainer, err := t.prepare(job, dir, nil)
	if err != nil {
		if t.out == "" {
			os.RemoveAll(dir)
		}
		return nil, err
	}
	defer trainer.Close()
	return t.work(trainer, job, dir, stop)
}

// folder makes the folder of a run that begins, and keeps it until release.
func folder(t *options, job *model.Job) (dir string, release func(), err error) {
	if t.out != "" {
		release, err = claim(t.out, t.spec.File, t.resume == "auto")
		return t.out, release, err
	}
	if dir, err = newRun(job.Config.Name, t.prefix()); err != nil {
		return "", nil, err
	}
	release, err = work.Lock(dir)
	return dir, release, err
}

// prepare writes the resolved spec and sets up the training.
func (t *options) prepare(job *model.Job, dir string, last *model.File) (*train.Trainer, error) {
	watch := &teller{Watcher: t.progress.Watcher(), term: t.term, job: job, pause: t.progress.Wipe, now: time.Now}
	engine, err := flags.Engine(t.term)
	if err != nil {
		return nil, err
	}
	trainer, err := meet(t, train.Options{Dir: dir, Threads: t.term.Threads, Engine: engine, Fast: t.fast, Resume: last, Watch: watch}, job)
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

// outcome is what a training comes to.
type outcome struct {
	job   *model.Job
	res   *train.Result
	files *report.Files
	refit *model.Refit // nil without

	tuning model.Tunings // nil without
}

// work trains to the end, scores the model and writes the report.
func (t *options) work(trainer *train.Trainer, job *model.Job, dir string, stop *work.Stopper) (*outcome, error) {
	for _, n := range job.Notes {
		switch {
		case n.Severity == spec.Warning:
			fmt.Fprintln(t.term.Err, n)
		case slices.Contains(job.Beginning, n):
			t.term.Note("%s", n.Text)
		}
	}
	_, total, err := job.Summarize(job.Config.Train.BatchSize)
	if err != nil {
		return nil, err
	}
	t.term.Note("%s: %s on %s rows, in %s", job.Config.Name, output.Plural(total.Trained+total.Frozen, "parameter"), output.Count(job.Data.Train.Rows()), dir)
	if err := history.DropResult(dir); err != nil {
		return nil, err
	}
	if !trainer.Ended() || !job.Config.Train.Refit {
		if err := dropRefit(dir); err != nil {
			return nil, err
		}
	}
	if err := t.ended(t.part(trainer.Run(stop.Context), stop), trainer, dir, stop); err != nil {
		return nil, err
	}
	done := &outcome{job: job}
	var notes spec.Notes
	if done.tuning, notes, err = train.Tune(trainer); err != nil {
		return nil, err
	}
	for _, n := range notes {
		fmt.Fprintln(t.term.Err, n)
	}
	shown, refitted := job, (*train.Refitted)(nil)
	if job.Config.Train.Refit {
		if shown, refitted, err = t.refit(trainer, done, dir, stop); err != nil {
			return nil, err
		}
		if !job.Config.Train.Test { // the report is of the validation split
			shown = job
		}
	}
	tuned := *shown
	model.Tune(&tuned.Network, done.tuning)
	rep := report.New(&tuned)
	if done.res, err = trainer.Finish(stop.Context, refitted, rep.See); err != nil {
		return nil, t.ended(err, trainer, dir, stop)
	}
	job.Data.Forget() // before plots take memory
	shown.Data.Forget()
	if done.files, err = rep.Write(done.res); err != nil {
		return nil, err
	}
	return done, history.WriteResult(dir, newResult(done))
}

// ended tells how a training ended that did not come to its end.
func (t *options) ended(err error, trainer *train.Trainer, dir string, stop *work.Stopper) error {
	t.progress.End()
	var diverged *train.Diverged
	switch {
	case errors.Is(err, train.ErrInterrupted):
		at, resume := trainer.Position(), dir
		if t.parent != "" {
			resume = t.parent
		}
		fmt.Fprintf(t.term.Err, "interrupted after step %s; resume with: dnn train --resume %s%s\n", output.Count(at.Step), output.ShellWord(resume), output.Choose(t.fast, " --fast", ""))
		return &exit.Error{Code: exit.Signal + stop.Number()}
	case errors.As(err, &diverged):
		return &exit.Error{Code: exit.Diverged, Err: err, Hint: t.afterDivergence(diverged, dir)}
	}
	return err
}

// judge says what a user should know of a result besides its figures.
func (t *options) judge(res *train.Result, higher bool) {
	for _, p := range res.Parts {
		if p.Part == "validation" && !t.fast {
			scores.WarnOfMonitor(t.term, res.Position.By, higher, p.Scores)
		}
	}
	if !t.fast && len(res.Parts) > 0 {
		last := res.Parts[len(res.Parts)-1]
		scores.WarnOfBaselines(t.term, last.Part, last.Scores)
	}
	warnOfEmptied(t.term, res.Pruned)
	if more := res.Improving; more != nil {
		t.term.Note("still improving: %s went from %s to %s in the last %s; raise train.%s, for example to %s", more.Figure,
			output.Figure(more.From), output.Figure(more.To), output.Plural(more.Epochs, "epoch"), output.Choose(more.OfEpochs, "epochs", "steps"), output.Count(more.Longer))
	}
}

// largeTarget is from where on numbers to predict are rather learned on a scale of their own.
const largeTarget = 100

func (t *options) afterDivergence(d *train.Diverged, dir string) string {
	hint := "a smaller learning rate or train.gradient_clip may help"
	if d.Target > largeTarget {
		hint = fmt.Sprintf("the target goes up to %s: dataset.target.normalize: zscore scales it; otherwise ", output.Figure(d.Target)) + hint
	}
	if _, err := os.Stat(filepath.Join(dir, train.BestFile)); !errors.Is(err, fs.ErrNotExist) {
		hint += "; the best weights so far are in " + filepath.Join(dir, train.BestFile)
	}
	return hint
}
