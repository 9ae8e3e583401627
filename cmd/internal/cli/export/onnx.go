package export

import (
	"os"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	export "dnn/pkg/export/onnx"
	"dnn/pkg/model"
	"dnn/pkg/onnx"
)

// onnxModel writes an ONNX model.
func (e *options) onnxModel(file *model.File) error {
	m, notes, err := export.Export(file, export.Options{Encoded: e.bare})
	if err != nil {
		return exit.Bad(err)
	}
	if err := e.free(e.onnx, file.Path); err != nil {
		return err
	}
	if err := onnx.Write(e.onnx, m); err != nil {
		return exit.Written(err)
	}
	info, err := os.Stat(e.onnx)
	if err != nil {
		return err
	}
	for _, note := range notes {
		e.term.Note("%s: %s", e.onnx, note)
	}
	e.term.Note("%s: ONNX, opset %d, %s, %s", e.onnx, export.Opset, output.Plural(len(m.Graph.Nodes), "node"), output.Memory(int(info.Size())))
	return nil
}
