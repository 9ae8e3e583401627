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
	"dnn/internal/kernel/cpu"
	"dnn/pkg/train/checkpoint"
)

// Number is the version that Go recorded in the program: the tag it was built from or, between two tags, a pseudo-version
// with the time and the commit.
func Number() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return number(info)
}

// number falls back to the commit where Go recorded no version, and to "devel" where it recorded neither: "go run", and
// sources outside of a repository.
func number(info *debug.BuildInfo) string {
	if v := info.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	v := "devel"
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && s.Value != "":
			v += "-" + s.Value[:min(len(s.Value), 12)]
		case s.Key == "vcs.modified" && s.Value == "true":
			v += "+dirty"
		}
	}
	return v
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version and the platform",
		Long: `Print the version, the platform, the kernels that this processor runs, and the newest format of model files that this
version reads. Results do not depend on the kernels.

The version is the tag that the program was built from. Between two tags it ends in the time and the commit, with
"+dirty" where files had changed since.`,
		Example: "  dnn version\n  dnn version --json",
		Args:    flags.Arguments(0, 0, "no arguments"),
		RunE: func(*cobra.Command, []string) error {
			terminal.Began = true
			if err := flags.CheckKernels(); err != nil {
				return err
			}
			v := struct {
				Version string `json:"version"`
				Go      string `json:"go"`
				System  string `json:"system"`
				Kernels string `json:"kernels"`
				Threads int    `json:"threads"`
				Format  int    `json:"model_format"`
			}{Number(), runtime.Version(), runtime.GOOS + "/" + runtime.GOARCH, cpu.Variant(), runtime.GOMAXPROCS(0), checkpoint.Version}
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
