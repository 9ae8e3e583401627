// Package cli is the command line: the root command, and one package below for each other. Results go to standard output,
// progress and messages to standard error, and every error is printed once, by Run.
package cli

import (
	"fmt"
	"io"
	"runtime/debug"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/check"
	"dnn/cmd/internal/cli/data"
	"dnn/cmd/internal/cli/diff"
	"dnn/cmd/internal/cli/eval"
	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/explain"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/forecast"
	"dnn/cmd/internal/cli/generate"
	"dnn/cmd/internal/cli/graph"
	"dnn/cmd/internal/cli/initialize"
	"dnn/cmd/internal/cli/list"
	"dnn/cmd/internal/cli/predict"
	"dnn/cmd/internal/cli/runs"
	"dnn/cmd/internal/cli/summary"
	"dnn/cmd/internal/cli/term"
	"dnn/cmd/internal/cli/time"
	"dnn/cmd/internal/cli/train"
	"dnn/cmd/internal/cli/version"
)

// Run runs the program with its arguments and returns the exit code.
func Run(args []string, in io.Reader, out, err io.Writer) (code int) {
	t := term.New(in, out, err)
	defer func() { // Go's own exit code of a panic would be that of wrong usage
		if p := recover(); p != nil {
			fmt.Fprintf(t.Err, "dnn: internal error: %v\n\n%s", p, debug.Stack())
			code = exit.Failed
		}
	}()
	root := newRoot(t, args)
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
		initialize.NewCmd, train.NewCmd, eval.NewCmd, predict.NewCmd, forecast.NewCmd, generate.NewCmd, explain.NewCmd,
	}},
	{"look", "Inspect:", []func(*term.Terminal) *cobra.Command{
		runs.NewCmd, diff.NewCmd, check.NewCmd, data.NewCmd, summary.NewCmd, graph.NewCmd, time.NewCmd, list.NewCmd, version.NewCmd,
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

Settings of the tool itself come from flags, from DNN_THREADS, DNN_COLOR and DNN_QUIET in the environment, or from
dnn/config.yaml in the user's configuration directory (DNN_CONFIG names another file), in this order.`,
		Example: `  dnn init penguins.csv --target species -o penguins.yaml
  dnn check -c penguins.yaml
  dnn train -c penguins.yaml --set train.epochs=5
  dnn eval runs/penguins/0001
  dnn predict runs/penguins/0001/best.safetensors new.csv > predictions.csv`,
		Version:       version.Number(),
		Args:          cobra.ArbitraryArgs,
		SilenceErrors: true,
		SilenceUsage:  true,
	}
	root.RunE = func(cmd *cobra.Command, args []string) error {
		if len(args) == 0 {
			return cmd.Help()
		}
		return unknownCommand(cmd, args[0])
	}
	root.SetIn(t.In)
	root.SetOut(t.Out)
	root.SetErr(t.Err)
	root.SetVersionTemplate("dnn {{.Version}}\n")
	root.SetFlagErrorFunc(func(cmd *cobra.Command, err error) error { return flagError(cmd, err, args) })
	flags.AddSettings(root)
	root.SetGlobalNormalizationFunc(oneName)
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
