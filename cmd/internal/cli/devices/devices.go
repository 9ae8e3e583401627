// Package devices is "dnn devices".
package devices

import (
	"fmt"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/kernel/cpu"
	"dnn/internal/machine"
	"dnn/pkg/graph/exec"
)

// device is a line of the table.
type device struct {
	Name    string `json:"name"`
	Kind    string `json:"kind"`
	Memory  int64  `json:"memory_bytes,omitempty"`
	Plugin  string `json:"plugin,omitempty"`
	Version string `json:"plugin_version,omitempty"`
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	asJSON := false
	cmd := &cobra.Command{
		Use:   "devices",
		Short: "List what nets can be computed on",
		Long: `List the devices that train, eval, predict, generate and time take with --device.

dnn computes on the processor alone. dnn-accel is the same program, linked with an engine for accelerators: it loads plugins of
XLA, which come with pip or from a vendor. It lists the devices of the plugin that --plugin or DNN_PJRT_PLUGIN names, else of
those that it finds in the folders of Python packages. The plugin for TPUs asks the network for its devices, so it is only loaded
when it is named, or with --device tpu:0. See docs/accelerators.md.`,
		Example: `  dnn devices
  dnn-accel devices --json
  dnn-accel train -c penguins.yaml --device cuda:0`,
		Args: flags.Arguments(0, 0, "no arguments"),
	}
	cmd.RunE = flags.Run(terminal, func([]string) error {
		plugin, _ := cmd.Flags().GetString("plugin")
		list := []device{{Name: exec.CPU, Kind: cpu.Variant() + " kernels", Memory: int64(machine.Memory())}}
		found, can, err := exec.Accelerators(plugin)
		for _, d := range found {
			list = append(list, device{d.Name, d.Kind, d.Memory, d.From, d.Version})
		}
		if asJSON {
			if werr := terminal.WriteJSON(list); werr != nil {
				return werr
			}
			return err
		}
		print(terminal, list)
		switch {
		case !can:
			terminal.Note("accelerators: dnn-accel knows them (go build ./cmd/dnn-accel); see docs/accelerators.md")
		case len(found) == 0 && err == nil:
			terminal.Note("no plugin was found: name its file with --plugin or DNN_PJRT_PLUGIN; see docs/accelerators.md")
		}
		return err
	})
	cmd.Flags().BoolVar(&asJSON, "json", false, "print a list of JSON objects")
	flags.AddPlugin(cmd)
	return cmd
}

func print(t *term.Terminal, list []device) {
	for _, d := range list {
		memory := ""
		if d.Memory > 0 {
			memory = output.Memory(int(d.Memory))
		}
		plugin := d.Plugin
		if d.Version != "" {
			plugin += " (" + d.Version + ")"
		}
		fmt.Fprintf(t.Out, "%-10s %-28s %10s  %s\n", d.Name, d.Kind, memory, plugin)
	}
}
