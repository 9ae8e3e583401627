package export

import (
	"cmp"
	"os"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/export/weights"
	"dnn/pkg/model"
	"dnn/pkg/tensors"
	"dnn/pkg/tensors/layout"
)

// writeWeights writes the weights of a model as another program names them and lays them out.
func (e *options) writeWeights(file *model.File, path string) error {
	program := cmp.Or(e.layout, "torch")
	if keys := layout.Programs.Keys(); !slices.Contains(keys, program) {
		return exit.Usagef("--layout: expected %s, got %q", strings.Join(keys, ", "), program)
	}
	if format, ok := tensors.FormatOf(e.weights); !ok || format.Write == nil {
		return exit.Usagef("--weights: %s is none of the files that weights are written to: %s", e.weights, strings.Join(tensors.Endings(true), ", "))
	}
	if err := e.free(e.weights, path); err != nil {
		return err
	}
	list, err := weights.Tensors(file, program)
	if err != nil {
		return exit.Bad(err)
	}
	if err := tensors.Write(e.weights, list); err != nil {
		return exit.Written(err)
	}
	info, err := os.Stat(e.weights)
	if err != nil {
		return err
	}
	e.term.Note("%s: %s in the layout of %s, %s", e.weights, output.Plural(len(list), "tensor"), program, output.Memory(int(info.Size())))
	return nil
}
