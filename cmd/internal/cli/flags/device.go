package flags

import (
	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/term"
	"dnn/pkg/graph/exec"
)

// AddDevice adds --device and --plugin, which are settings of the tool for the commands that have them.
func AddDevice(cmd *cobra.Command) {
	cmd.Flags().String("device", exec.CPU, "compute on this device: cpu, or with dnn-accel xla:cpu, cuda:0, tpu:0 (see 'dnn devices')")
	AddPlugin(cmd)
	Complete(cmd, "device", []string{exec.CPU, "xla:cpu", "cuda:0", "tpu:0"})
}

// AddPlugin adds --plugin.
func AddPlugin(cmd *cobra.Command) {
	cmd.Flags().String("plugin", "", "PJRT plugin that knows the device (default $DNN_PJRT_PLUGIN, else it is looked for)")
	cmd.MarkFlagFilename("plugin", "so", "dylib", "dll")
}

// Engine opens the device that the settings name; nil for the processor.
func Engine(t *term.Terminal) (exec.Engine, error) { return exec.Open(t.Device, t.Plugin) }

// Use opens the device and has the programs of a state run on it.
func Use(t *term.Terminal, state *exec.State) error {
	e, err := Engine(t)
	if err == nil && e != nil { // a nil engine must not become one that is not nil
		state.Use(e)
	}
	return err
}
