package flags

import (
	"slices"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/pkg/spec"
)

// Splits are the names of the splits of the data.
var Splits = []string{"train", "validation", "test"}

// AddSplit adds --split, and --part, its name in earlier versions.
func AddSplit(cmd *cobra.Command, split *string, def, usage string) {
	f := cmd.Flags()
	f.StringVar(split, "split", def, usage)
	f.StringVar(split, "part", def, "the former name of --split")
	f.MarkHidden("part")
	Exclusive(cmd, "split", "part")
	Complete(cmd, "split", Splits)
}

// CheckSplit returns an error unless the name is that of a split.
func CheckSplit(name string) error {
	if !slices.Contains(Splits, name) {
		return exit.Usagef("--split: expected train, validation or test, got %q%s", name, spec.DidYouMean(name, Splits))
	}
	return nil
}
