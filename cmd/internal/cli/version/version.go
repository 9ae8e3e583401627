// Package version is "dnn version".
package version

import (
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/kernel"
	"dnn/pkg/train/checkpoint"
)

// Version is set by release builds: -ldflags "-X dnn/cmd/internal/cli/version.Version=v1.2.3".
var Version = ""

// Number is the program's version: that of a release, of the module, or of the source.
func Number() string {
	if Version != "" {
		return Version
	}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" && len(s.Value) >= 12 {
			return "devel-" + s.Value[:12]
		}
	}
	return "devel"
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version and the platform",
		Long: `Print the version, the platform, the kernels that run on this processor, and the newest format of model files that can be
read. Results do not depend on the kernels.`,
		Example: "  dnn version\n  dnn version --json",
		Args:    flags.Arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			terminal.Began = true
			v := struct {
				Version string `json:"version"`
				Go      string `json:"go"`
				System  string `json:"system"`
				Kernels string `json:"kernels"`
				Threads int    `json:"threads"`
				Format  int    `json:"model_format"`
			}{Number(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, kernel.Variant(), runtime.GOMAXPROCS(0), checkpoint.Version}
			if asJSON {
				return terminal.WriteJSON(v)
			}
			fmt.Fprintf(terminal.Out, "dnn %s\n", v.Version)
			fmt.Fprintf(terminal.Out, "%s %s, %s kernels, %s, model format %d\n", v.Go, v.System, v.Kernels, output.Plural(v.Threads, "thread"), v.Format)
			return nil
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object")
	return cmd
}
