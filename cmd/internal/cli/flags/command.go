// Package flags holds what commands share in flags and arguments: the spec, splits, passes, and the settings of the tool.
package flags

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/term"
)

// Run makes a command's RunE: it reads the settings first; errors from then on are those of the command itself.
func Run(t *term.Terminal, work func(args []string) error) func(*cobra.Command, []string) error {
	return func(cmd *cobra.Command, args []string) error {
		settings, err := readSettings(cmd.Flags())
		if err != nil {
			return err
		}
		t.Settings = settings
		empty := ""
		cmd.Flags().Visit(func(f *pflag.Flag) {
			if f.Value.Type() == "string" && f.Value.String() == "" {
				empty = f.Name
			}
		})
		if empty != "" { // most often an unset shell variable
			return exit.Usagef("--%s: the value is empty", empty)
		}
		t.Began = true
		if _, err := Engine(t); err != nil { // before anything is read
			return err
		}
		return work(args)
	}
}

// Arguments accepts between least and most arguments; what names them.
func Arguments(least, most int, what string) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		switch {
		case slices.Contains(args, ""):
			return exit.Usagef("an argument is empty; %s expects %s", cmd.CommandPath(), what)
		case len(args) < least:
			return exit.Usagef("%s expects %s", cmd.CommandPath(), what)
		case len(args) > most && most == 0 && strings.HasSuffix(args[0], "ml"):
			return exit.Usagef("unexpected argument %q: name the spec with -c %[1]s", args[0])
		case len(args) > most:
			return exit.Usagef("unexpected argument %q; %s expects %s", args[most], cmd.CommandPath(), what)
		}
		return nil
	}
}

// Names lists the flags of a command that its help shows.
func Names(cmd *cobra.Command) []string {
	var names []string
	add := func(f *pflag.Flag) {
		if !f.Hidden {
			names = append(names, f.Name)
		}
	}
	cmd.LocalFlags().VisitAll(add)
	cmd.InheritedFlags().VisitAll(add)
	return names
}

// Complete completes a flag from a fixed list of words.
func Complete(cmd *cobra.Command, flag string, words []string) {
	cmd.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}
