package flags

import (
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
)

// Exclusive makes a command refuse more than one of some flags. The check comes before cobra's own, whose message says more
// than what to do; cobra still leaves the others out when it completes flags.
func Exclusive(cmd *cobra.Command, names ...string) {
	cmd.MarkFlagsMutuallyExclusive(names...)
	earlier := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if earlier != nil {
			if err := earlier(cmd, args); err != nil {
				return err
			}
		}
		set := slices.DeleteFunc(slices.Sorted(slices.Values(names)), func(name string) bool { return !cmd.Flags().Changed(name) })
		if len(set) > 1 {
			return exit.Usagef("--%s cannot be used together", strings.Join(set, " and --"))
		}
		return nil
	}
}
