// Package cli is the command line: the root command, and one package below for each other. Results go to standard output,
// progress and messages to standard error, and every error is printed once, by Run.
package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/check"
	"dnn/cmd/internal/cli/compress"
	"dnn/cmd/internal/cli/data"
	"dnn/cmd/internal/cli/devices"
	"dnn/cmd/internal/cli/diff"
	"dnn/cmd/internal/cli/eval"
	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/explain"
	"dnn/cmd/internal/cli/export"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/forecast"
	"dnn/cmd/internal/cli/generate"
	"dnn/cmd/internal/cli/graph"
	"dnn/cmd/internal/cli/imports"
	"dnn/cmd/internal/cli/initialize"
	"dnn/cmd/internal/cli/list"
	"dnn/cmd/internal/cli/predict"
	"dnn/cmd/internal/cli/quantize"
	"dnn/cmd/internal/cli/runs"
	"dnn/cmd/internal/cli/summary"
	"dnn/cmd/internal/cli/term"
	"dnn/cmd/internal/cli/time"
	"dnn/cmd/internal/cli/train"
	"dnn/cmd/internal/cli/version"
	"dnn/pkg/graph/exec"
	"dnn/pkg/train/checkpoint"
)

// Run runs the program with its arguments and returns the exit code.
func Run(args []string, in io.Reader, out, err io.Writer) (code int) {
	t := term.New(in, out, err)
	defer func() { // Go's own exit code of a panic would be that of wrong usage
		switch p := recover().(type) {
		case nil:
		case *exec.DeviceError: // a run of a program has no error of its own
			code = exit.Report(t.Err, p)
		default:
			fmt.Fprintf(t.Err, "dnn: internal error: %v\n\n%s", p, debug.Stack())
			code = exit.Failed
		}
	}()
	var root *cobra.Command
	if self, err := appended(); err != nil {
		return exit.Report(t.Err, err)
	} else if self != "" {
		root = finishRoot(t, predict.NewAppendedCmd(t, self), args)
	} else {
		root = newRoot(t, args)
	}
	root.SetArgs(args)
	command, failure := root.ExecuteC()
	if failure != nil && !t.Began {
		failure = &exit.Error{Code: exit.Usage, Err: failure, Hint: "see '" + command.CommandPath() + " --help'"}
	}
	if failure == nil {
		failure = t.Out.Failed
	}
	return exit.Report(t.Err, failure)
}

// groups are the commands as the help lists them.
var groups = []struct {
	id, title string
	commands  []func(*term.Terminal) *cobra.Command
}{
	{"use", "Train and use:", []func(*term.Terminal) *cobra.Command{
		initialize.NewCmd, train.NewCmd, compress.NewCmd, quantize.NewCmd, eval.NewCmd, predict.NewCmd, forecast.NewCmd, generate.NewCmd, explain.NewCmd, export.NewCmd, imports.NewCmd,
	}},
	{"look", "Inspect:", []func(*term.Terminal) *cobra.Command{
		runs.NewCmd, diff.NewCmd, check.NewCmd, data.NewCmd, summary.NewCmd, graph.NewCmd, time.NewCmd, list.NewCmd, devices.NewCmd, version.NewCmd,
	}},
}

func newRoot(t *term.Terminal, args []string) *cobra.Command {
	root := &cobra.Command{
		Use:   "dnn",
		Short: "Train deep neural networks from a YAML file",
		Long: `dnn trains deep neural networks from a YAML file and needs nothing but its own binary.

A spec names the data, the layers, the loss and the optimizer. "dnn check" finds all mistakes in it before any work
starts, "dnn train" trains and keeps the best weights in a file, "dnn predict" predicts new rows with that file.

Results go to standard output, progress and messages to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage,
spec or data, 3 training diverged, 129, 130 or 143 interrupted (after a checkpoint).

Settings of the tool itself come from flags, from DNN_THREADS, DNN_COLOR, DNN_QUIET and DNN_DEVICE in the environment, or from
dnn/config.yaml in the user's configuration directory (DNN_CONFIG names another file), in this order. DNN_CPU chooses slower
kernels ("dnn list kernels").`,
		Example: `  dnn init penguins.csv --target species -o penguins.yaml
  dnn check -c penguins.yaml
  dnn train -c penguins.yaml --set train.epochs=5
  dnn eval runs/penguins/0001
  dnn predict runs/penguins/0001/best.safetensors new.csv > predictions.csv`,
		Args: cobra.ArbitraryArgs,
	}
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return unknownCommand(cmd, args[0])
	}
	finishRoot(t, root, args)
	for _, group := range groups {
		root.AddGroup(&cobra.Group{ID: group.id, Title: group.title})
		for _, newCmd := range group.commands {
			c := newCmd(t)
			c.GroupID = group.id
			root.AddCommand(c)
		}
	}
	return root
}

// finishRoot gives a root command what all commands have in common.
func finishRoot(t *term.Terminal, root *cobra.Command, args []string) *cobra.Command {
	root.SilenceErrors, root.SilenceUsage = true, true
	root.SetIn(t.In)
	root.SetOut(t.Out)
	root.SetErr(t.Err)
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return flagError(cmd, err, args) })
	flags.AddSettings(root)
	addVersion(root)
	root.SetGlobalNormalizationFunc(oneName)
	return root
}

// addVersion adds --version. Cobra's own needs a template to leave out a word, and a template that is ever executed keeps all
// methods of all types in the program: they might be called by their names.
func addVersion(root *cobra.Command) {
	asked := false
	root.Flags().BoolVarP(&asked, "version", "v", false, "version for "+root.Name())
	args, run := root.Args, root.RunE
	root.Args = func(cmd *cobra.Command, given []string) error {
		if asked {
			return nil
		}
		return args(cmd, given)
	}
	root.RunE = func(cmd *cobra.Command, given []string) error {
		if asked {
			fmt.Fprintf(cmd.OutOrStdout(), "dnn %s\n", version.Number())
			return nil
		}
		return run(cmd, given)
	}
}

// appended is the path of this program if a model is appended to it (dnn export --exe), else "". The look at its own last bytes
// takes microseconds.
func appended() (string, error) {
	self, err := os.Executable()
	if err != nil {
		return "", nil // a system that does not say; nothing was exported for it
	}
	has, err := checkpoint.HasAppended(self)
	switch {
	case errors.Is(err, checkpoint.ErrDamaged):
		return "", exit.Bad(fmt.Errorf("%s: %w; export it again", self, err))
	case err != nil || !has: // a program that may be run, but not read, has none
		return "", nil
	}
	return self, nil
}
