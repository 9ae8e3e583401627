package flags

import (
	"slices"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/pkg/graph/pass"
	"dnn/pkg/spec"
)

// Uses are what a net can be compiled for.
var Uses = []string{"train", "predict"}

// AddUse adds --for.
func AddUse(cmd *cobra.Command, use *string, usage string) {
	cmd.Flags().StringVar(use, "for", "train", usage)
	Complete(cmd, "for", Uses)
}

// CheckUse returns an error unless the value of --for is one of Uses.
func CheckUse(use string) error {
	if !slices.Contains(Uses, use) {
		return exit.Usagef("--for: expected train or predict, got %q%s", use, spec.DidYouMean(use, Uses))
	}
	return nil
}

// AddOff adds --off.
func AddOff(cmd *cobra.Command, off *[]string) {
	cmd.Flags().StringArrayVar(off, "off", nil, "switch a compiler pass off (see 'dnn list passes'); may be repeated; results stay the same to the bit")
	Complete(cmd, "off", pass.Names())
}

// CheckOff returns an error unless all names are those of passes that can be switched off.
func CheckOff(off []string) error {
	for _, name := range off {
		if err := pass.Check(name); err != nil {
			return exit.Usagef("--off %s: %v", name, err)
		}
	}
	return nil
}
