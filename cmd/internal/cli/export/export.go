// Package export is "dnn export".
package export

import (
	"debug/buildinfo"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/pkg/dataset"
	"dnn/pkg/export"
)

type options struct {
	term   *term.Terminal
	exe    string
	base   string
	golang string
	name   string
	c      string
	prefix string
	onnx   string
	bare   bool
	force  bool

	weights string
	layout  string
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	e := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "export MODEL --exe FILE | --go DIR | --c DIR | --onnx FILE | --weights FILE",
		Short: "Export a model for use without dnn",
		Long: `Export a model for use without dnn. MODEL is a model file, or the folder of a run, whose best weights are used. One flag says
what it becomes:

  --exe FILE   a program that predicts: dnn itself with the model appended. './FILE < new.csv' does what
               'dnn predict MODEL' does, with the same flags; './FILE --info' prints what the model reads and predicts

  --go DIR     a Go package that needs nothing but the standard library: New().Predict(row) takes a row by its columns, and gives
               what 'dnn predict' prints, to the bit
  --c DIR      a header and a source in C99 that need nothing but the C library and take no memory while they run:
               NAME_predict(in, out) gives what 'dnn predict' prints, to the bit
  --onnx FILE  an ONNX model (opset 20) for any number of rows and, where the net takes them, sequences of any length. It reads columns
               of numbers, words and images as they are, and what the net is fed with of other columns; with --encoded, of all.
               Names of classes and words are in its metadata; outputs are equal within 1e-5

  --weights FILE
               the weights for a net in another program: .safetensors, .pt or .npz. --layout torch (the default) names them and lays
               them out as PyTorch's modules do, --layout keras as Keras' layers

--base names the program that --exe appends the model to: a dnn for another system. --package names the Go package; functions in C
begin with --prefix. Both are called as their folder otherwise.

Source is written only of models that predict rows of numbers, words and images, in Go also of texts. Other models are refused, with
the column or the layer that is in the way. Weights that 'dnn quantize' keeps as 8-bit integers stay that, and products with them
are those of integers.

Nothing is overwritten without --force.`,
		Example: `  dnn export runs/penguins/0001 --exe penguins
  dnn export runs/penguins/0001 --exe penguins.exe --base dnn-windows-amd64.exe
  dnn export runs/penguins/0001 --go internal/penguins
  dnn export small.safetensors --c firmware/digits
  dnn export runs/penguins/0001 --onnx penguins.onnx
  dnn export runs/digits/0001 --weights digits.pt
  dnn export runs/digits/0001 --weights digits.npz --layout keras`,
		Args: flags.Arguments(1, 1, "one MODEL: a model file or the folder of a run"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error { return e.run(args[0]) })
	f := cmd.Flags()
	f.StringVar(&e.exe, "exe", "", "write a program that predicts with the model")
	f.StringVar(&e.base, "base", "", "the program that --exe appends the model to (default: this one)")
	f.StringVar(&e.golang, "go", "", "write a Go package into this folder, which must be new or empty")
	f.StringVar(&e.name, "package", "", "name of the Go package (default: that of its folder)")
	f.StringVar(&e.c, "c", "", "write a header and a source in C99 into this folder, which must be new or empty")
	f.StringVar(&e.prefix, "prefix", "", "what functions in C begin with (default: the name of the folder)")
	f.StringVar(&e.onnx, "onnx", "", "write an ONNX model")
	f.BoolVar(&e.bare, "encoded", false, "the ONNX model takes encoded columns, as the net does, and gives numbers as they are learned")
	f.StringVar(&e.weights, "weights", "", "write the weights into a .safetensors, .pt or .npz file")
	f.StringVar(&e.layout, "layout", "", "names and layout of weights: torch, keras or dnn (default: torch)")
	f.BoolVarP(&e.force, "force", "f", false, "overwrite what is there")
	flags.Exclusive(cmd, "exe", "go", "c", "onnx", "weights")
	return cmd
}

func (e *options) run(arg string) error {
	switch {
	case e.exe == "" && e.golang == "" && e.c == "" && e.onnx == "" && e.weights == "":
		return exit.Usagef("say what the model is to become: --exe FILE, --go DIR, --c DIR, --onnx FILE or --weights FILE")
	case e.layout != "" && e.weights == "":
		return exit.Usagef("--layout works with --weights")
	case e.base != "" && e.exe == "":
		return exit.Usagef("--base works with --exe")
	case e.name != "" && e.golang == "":
		return exit.Usagef("--package works with --go")
	case e.prefix != "" && e.c == "":
		return exit.Usagef("--prefix works with --c")
	case e.bare && e.onnx == "":
		return exit.Usagef("--encoded works with --onnx")
	}
	path, err := models.Path(arg)
	if err != nil {
		return err
	}
	file, err := models.Load(path)
	if err != nil {
		return err
	}
	switch {
	case e.golang != "":
		return e.goPackage(file)
	case e.c != "":
		return e.cSource(file)
	case e.onnx != "":
		return e.onnxModel(file)
	case e.weights != "":
		return e.writeWeights(file, path)
	}
	if dataset.ContinuesText(file.Net.Schema) {
		return exit.Usagef("%s continues texts; a program predicts rows", path)
	}
	return e.program(path)
}

// program writes the program with the model.
func (e *options) program(path string) error {
	base, err := e.baseProgram()
	if err != nil {
		return err
	}
	if err := e.free(e.exe, base, path); err != nil {
		return err
	}
	if err := export.Executable(e.exe, base, path); err != nil {
		return exit.Written(err)
	}
	info, err := os.Stat(e.exe)
	if err != nil {
		return err
	}
	e.term.Note("%s: %s; run it with rows on standard input, or with --help", e.exe, output.Memory(int(info.Size())))
	return nil
}

// baseProgram is the program that the model is appended to.
func (e *options) baseProgram() (string, error) {
	if e.base == "" {
		self, err := os.Executable()
		if err != nil {
			return "", fmt.Errorf("this program's own file is not known: %w; name one with --base", err)
		}
		return self, nil
	}
	info, err := buildinfo.ReadFile(e.base)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return "", exit.Bad(err)
	}
	if err != nil || info.Main.Path != "dnn" {
		return "", exit.Usagef("--base %s is no program of dnn", e.base)
	}
	return e.base, nil
}

// free refuses a path at which no file can be written: one of the files that are read, or one that may not be overwritten.
func (e *options) free(name string, read ...string) error {
	info, err := os.Lstat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return exit.Bad(err)
	case info.IsDir():
		return exit.Usagef("%s is a folder; name a file", name)
	case !info.Mode().IsRegular():
		return exit.Usagef("%s is no regular file; name another", name)
	}
	for _, other := range read {
		if o, err := os.Stat(other); err == nil && os.SameFile(info, o) {
			return exit.Usagef("%s is read for the export; name another file", name)
		}
	}
	if !e.force {
		return exit.Usagef("%s exists already; name another file, or overwrite it with --force", name)
	}
	return nil
}
