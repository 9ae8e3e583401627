// Package compress is "dnn compress".
package compress

import (
	"errors"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/cmd/internal/cli/work"
	"dnn/pkg/compress"
	"dnn/pkg/model"
	"dnn/pkg/train"
)

type options struct {
	term     *term.Terminal
	spec     flags.Spec
	out      string
	fast     bool
	json     bool
	off      []string
	progress work.Progress
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	t := &options{term: terminal, progress: work.Progress{Term: terminal}}
	cmd := &cobra.Command{
		Use:   "compress [MODEL]",
		Short: "Make a trained net smaller, step by step, as its spec says",
		Long: `Run the steps of the section "compress" of a spec, one after the other, on a trained model. MODEL is a model file or the folder of
a run. Its own spec has the steps, unless -c names another spec. Without a MODEL, the net of the spec is trained first.

Of the model, and of that of each step, the size on disk, parameters, multiplications, latency, throughput, memory and all figures
of the validation split are measured, and printed as a table. With a budget (max_size, max_loss_of, max_latency), the result is the
model of the last step that keeps it. The test split is scored once, at the end. The folder runs/NAME/compress, or the one that
--out names, then holds:

  model.safetensors    the result, for "dnn eval" and "dnn predict"
  1-STEP, 2-STEP, …    the model of each step, and the run of a step that trains
  table.txt            the table; compress.csv has it with all digits
  compress.json        what --json prints
  compress.png, .svg   what the steps gained and cost, as a chart

Interrupt the command at any time. The same command continues: steps that are done are not done again, and the training of a step
ends in the same bits. After a change of the spec, it works from the first step that changed.`,
		Example: `  dnn compress -c penguins.yaml
  dnn compress runs/penguins/0001
  dnn compress -c smaller.yaml runs/penguins/0001 --out small --json | jq .model`,
		Args: flags.Arguments(0, 1, "at most one MODEL"),
		RunE: flags.Run(terminal, t.run),
	}
	t.spec.Add(terminal, cmd)
	t.spec.AddSeed(cmd)
	f := cmd.Flags()
	f.StringVarP(&t.out, "out", "o", "", "folder of the recipe's run (default runs/NAME/compress)")
	f.BoolVar(&t.fast, "fast", false, "a trial of every step on a few batches, in runs/NAME/fast-compress unless --out names a folder")
	f.BoolVar(&t.json, "json", false, "print the results as one JSON object")
	flags.AddOff(cmd, &t.off)
	cmd.MarkFlagDirname("out")
	return cmd
}

func (t *options) run(args []string) error {
	if err := flags.CheckOff(t.off); err != nil {
		return err
	}
	o, name, err := t.recipe(args)
	if err != nil {
		return err
	}
	o.Threads, o.Fast, o.Off, o.Watch = t.term.Threads, t.fast, t.off, t.progress.Watcher
	o.Tell = func(text string) {
		t.progress.Wipe()
		t.term.Note("%s", text)
	}
	o.Warn = func(text string) {
		t.progress.Wipe()
		t.term.Warn("%s", text)
	}
	if o.Dir = t.out; o.Dir == "" {
		o.Dir = filepath.Join("runs", name, output.Choose(t.fast, "fast-compress", "compress"))
	}
	if _, err := os.Stat(filepath.Join(o.Dir, "metrics.jsonl")); err == nil {
		return exit.Usagef("%s is the folder of a training; name another one with --out", o.Dir)
	}
	stop := work.Catch()
	defer stop.Release()
	if err := os.MkdirAll(o.Dir, 0o777); err != nil {
		return exit.Bad(err)
	}
	release, err := work.Lock(o.Dir)
	if err != nil {
		return err
	}
	defer release()
	res, err := compress.Run(stop.Context, o)
	t.progress.End()
	if err != nil {
		return t.ended(err, stop)
	}
	if err := write(res); err != nil {
		return err
	}
	if t.json {
		err = t.term.WriteJSON(res)
	} else {
		print(t.term.Out, res, t.term.Bold)
	}
	if err == nil && res.Chosen < 0 {
		err = noneKeeps(res)
	}
	return err
}

// recipe is what to run, and the name of the spec.
func (t *options) recipe(args []string) (o compress.Options, name string, err error) {
	if len(args) == 0 && t.spec.File == "" {
		return o, "", exit.Usagef("neither a spec nor a model is given: dnn compress -c SPEC, or dnn compress MODEL")
	}
	if len(args) > 0 {
		f, err := models.Load(args[0])
		if err != nil {
			return o, "", err
		}
		if f.Position != nil {
			return o, "", exit.Usagef("%s is the checkpoint of a training; name its best weights, or the folder of the run", f.Path)
		}
		o.Model, o.Recipe, o.Paths, name = f.Path, f.Net.Config.Compress, f.Net.Dir, f.Net.Config.Name
		if t.spec.File == "" && len(t.spec.Sets) > 0 {
			return o, "", exit.Usagef("--set works with -c FILE; the recipe of a MODEL cannot be changed alone: name the spec that it was trained by, too, as in dnn compress -c SPEC %s --set %s", args[0], t.spec.Sets[0])
		}
	}
	from := t.spec.File
	if from == "" {
		from = o.Model
	} else {
		job, err := t.spec.Open()
		if err != nil {
			return o, "", err
		}
		job.Data.Forget()
		o.Net, o.Recipe, o.Paths, name = &job.Network, job.Config.Compress, job.Dir, job.Config.Name
		o.Check = func(n *model.Network, from int) error { return t.spec.CheckSteps(job, n, from) }
	}
	if o.Recipe == nil {
		return o, "", exit.Usagef("%s: the spec has no section compress, or null for it; give it a list of steps, such as [{type: prune, sparsity: 0.9}]; 'dnn list steps' names them, and -c SPEC takes the recipe of another spec", from)
	}
	return o, name, nil
}

// ended tells why a recipe did not come to its end.
func (t *options) ended(err error, stop *work.Stopper) error {
	var diverged *train.Diverged
	switch {
	case errors.Is(err, train.ErrInterrupted):
		t.term.Note("interrupted; the same command continues")
		return &exit.Error{Code: exit.Signal + stop.Number()}
	case errors.As(err, &diverged):
		return &exit.Error{Code: exit.Diverged, Err: err, Hint: "a smaller learning_rate of the step may help"}
	}
	return exit.Bad(err)
}
