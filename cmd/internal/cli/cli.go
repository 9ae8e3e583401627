// Package cli is the command line: one file per command. Results go to standard output, progress and messages to standard
// error, and every error is told once, by Run.
package cli

import (
	"fmt"
	"io"
	"runtime/debug"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// app is what all commands of one call share.
type app struct {
	args     []string
	in       io.Reader
	out      *output
	err      io.Writer
	settings settings
	bar      *bar
	began    bool // a command's own work began: what goes wrong from here on is no mistake in flags or arguments
}

// Run runs the program with its arguments and returns the exit code.
func Run(args []string, in io.Reader, out, err io.Writer) (code int) {
	a := &app{args: args, in: in, out: &output{w: out}, err: err}
	defer func() { // Go's own exit code of a panic would be that of wrong usage
		if p := recover(); p != nil {
			fmt.Fprintf(err, "dnn: a mistake in the program: %v\n\n%s", p, debug.Stack())
			code = codeFailed
		}
	}()
	root := a.root()
	root.SetArgs(args)
	command, failure := root.ExecuteC()
	if failure != nil && !a.began {
		failure = &exit{codeUsage, plainly(failure), "see '" + command.CommandPath() + " --help'"}
	}
	if failure == nil {
		failure = a.out.err
	}
	return a.report(failure)
}

// output is standard output; it remembers that something could not be written, so that no result is lost in silence.
type output struct {
	w   io.Writer
	err error
}

func (o *output) Write(p []byte) (int, error) {
	n, err := o.w.Write(p)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

const (
	groupUse  = "use"
	groupLook = "look"
)

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "dnn",
		Short: "Train deep neural networks from a YAML file",
		Long: `dnn trains deep neural networks from a YAML file and needs nothing but its own binary.

A spec names the data, the layers, the loss and the optimizer. "dnn check" finds every mistake in it before any work
starts, "dnn train" trains and keeps the best weights in a file, "dnn predict" uses that file for new rows.

Results go to standard output, progress and messages to standard error. Exit codes: 0 done, 1 failed, 2 wrong usage,
spec or data, 3 training diverged, 130 or 143 interrupted (after a checkpoint).

Settings of the tool itself come from flags, from DNN_THREADS, DNN_COLOR and DNN_QUIET in the environment, or from
dnn/config.yaml in the user's folder of settings (DNN_CONFIG names another file), in this order.`,
		Example: `  dnn check -c penguins.yaml
  dnn train -c penguins.yaml --set train.epochs=5
  dnn eval runs/penguins/0001
  dnn predict runs/penguins/0001/best.safetensors new.csv > predictions.csv`,
		Version:       version(),
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
	root.SetIn(a.in)
	root.SetOut(a.out)
	root.SetErr(a.err)
	root.SetVersionTemplate("dnn {{.Version}}\n")
	root.SetFlagErrorFunc(a.flagError)
	root.AddGroup(&cobra.Group{ID: groupUse, Title: "Train and use:"}, &cobra.Group{ID: groupLook, Title: "Look closer:"})
	addSettings(root)
	root.SetGlobalNormalizationFunc(oneName)
	for group, commands := range map[string][]*cobra.Command{
		groupUse:  {a.train(), a.eval(), a.predict(), a.forecast(), a.explain()},
		groupLook: {a.check(), a.data(), a.summary(), a.graph(), a.time(), a.list(), a.version()},
	} {
		for _, c := range commands {
			c.GroupID = group
			root.AddCommand(c)
		}
	}
	return root
}

// run makes a command's RunE: settings are read first, and from then on errors are those of the command itself.
func (a *app) run(work func(args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		if err := a.readSettings(cmd.Flags()); err != nil {
			return err
		}
		empty := ""
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if f.Value.Type() == "string" && f.Value.String() == "" {
				empty = f.Name
			}
		})
		if empty != "" { // most often a variable of a shell that is not set
			return usagef("--%s: the value is empty", empty)
		}
		a.began = true
		return work(args)
	}
}

// arguments wants between least and most arguments; what says what they are.
func arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case slices.Contains(args, ""):
			return usagef("a name is empty; %s wants %s", cmd.CommandPath(), what)
		case len(args) < least:
			return usagef("%s wants %s", cmd.CommandPath(), what)
		case len(args) > most && most == 0 && strings.HasSuffix(args[0], "ml"):
			return usagef("%s takes no argument %q: name the spec with -c %[2]s", cmd.CommandPath(), args[0])
		case len(args) > most:
			return usagef("%s takes no argument %q; it wants %s", cmd.CommandPath(), args[most], what)
		}
		return nil
	}
}
