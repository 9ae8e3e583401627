// Package imports is "dnn import".
package imports

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/newfile"
	"dnn/internal/phrase"
	"dnn/pkg/importer"
	"dnn/pkg/onnx"
	"dnn/pkg/train/checkpoint"
)

type options struct {
	term    *term.Terminal
	out     string
	compare string
	json    bool
}

// Files that the command writes.
const (
	specFile    = "spec.yaml"
	weightsFile = "weights.safetensors"
)

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	o := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "import MODEL.onnx",
		Short: "Make a spec and weights of an ONNX model",
		Long: `Make a spec and weights of the ONNX model of another tool, such as PyTorch, Keras or tf2onnx.

The folder NAME, or the one that --out names, then holds:

  spec.yaml              the layers; say there what your data are, and train on
  weights.safetensors    the weights, with which that training begins (train.init)

Perceptrons, convolutional nets, LSTM, GRU and RNN, attention, embeddings and norms are known, as exporters write them. Operators
that are not are listed, and nothing is written.

--compare FILE.npz has arrays of the inputs, by their names in the graph, and of its output, as another program computed it. The
net computes the same, and the largest difference is printed.`,
		Example: `  dnn import resnet18.onnx
  dnn import encoder.onnx --out encoder --compare seen.npz
  dnn train -c resnet18/spec.yaml`,
		Args: flags.Arguments(1, 1, "one MODEL.onnx"),
		RunE: flags.Run(terminal, o.run),
	}
	f := cmd.Flags()
	f.StringVarP(&o.out, "out", "o", "", "folder for the spec and the weights (default: the model's name)")
	f.StringVar(&o.compare, "compare", "", "compare with the outputs in this .npz file, computed by another program")
	f.BoolVar(&o.json, "json", false, "print the result as one JSON object")
	return cmd
}

// result is what the command did.
type result struct {
	Spec       string      `json:"spec"`
	Weights    string      `json:"weights"`
	Layers     int         `json:"layers"`
	Parameters int         `json:"parameters"`
	Inputs     []inputOf   `json:"inputs"`
	Notes      []string    `json:"notes,omitempty"`
	Compared   *comparison `json:"compared,omitempty"`
}

type inputOf struct {
	Name  string `json:"name"`
	Shape []int  `json:"shape"`
}

func (o *options) run(args []string) error {
	m, err := onnx.Read(args[0])
	if err != nil {
		return exit.Bad(err)
	}
	net, err := importer.Import(m)
	if err != nil {
		return exit.Bad(named(args[0], err))
	}
	base := strings.TrimSuffix(filepath.Base(args[0]), filepath.Ext(args[0]))
	net.Name = base
	dir := o.out
	if dir == "" {
		dir = base
	}
	r := &result{Spec: filepath.Join(dir, specFile), Weights: filepath.Join(dir, weightsFile), Layers: len(net.Layers), Notes: net.Notes}
	for _, in := range net.Inputs {
		r.Inputs = append(r.Inputs, inputOf{in.Name, in.Shape})
	}
	for _, t := range net.Tensors() {
		n := 1
		for _, d := range t.Shape {
			n *= d
		}
		r.Parameters += n
	}
	if o.compare != "" {
		if r.Compared, err = compare(net, m, o.compare); err != nil {
			return exit.Bad(err)
		}
	}
	if err := write(r, net, filepath.Base(args[0])); err != nil {
		return err
	}
	if o.json {
		return o.term.WriteJSON(r)
	}
	return o.print(r)
}

// named has every line of an error begin with the file.
func named(file string, err error) error {
	var lines []error
	for _, line := range strings.Split(err.Error(), "\n") {
		lines = append(lines, fmt.Errorf("%s: %s", file, line))
	}
	return errors.Join(lines...)
}

// write writes the spec and the weights, but not over what is there.
func write(r *result, net *importer.Net, from string) error {
	for _, name := range []string{r.Spec, r.Weights} {
		if _, err := os.Lstat(name); err == nil {
			return exit.Usagef("%s is there already: name another folder with --out", name)
		} else if !errors.Is(err, fs.ErrNotExist) {
			return exit.Bad(err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(r.Spec), 0o777); err != nil {
		return exit.Written(err)
	}
	if err := checkpoint.WritePlain(r.Weights, net.Tensors()); err != nil {
		return exit.Written(err)
	}
	return exit.Written(newfile.Write(r.Spec, []byte(net.Text(from, weightsFile))))
}

func (o *options) print(r *result) error {
	for _, note := range r.Notes {
		o.term.Note("%s", note)
	}
	out := o.term.Out
	for _, in := range r.Inputs {
		fmt.Fprintf(out, "input    %s, rows of shape %v\n", in.Name, in.Shape)
	}
	fmt.Fprintf(out, "layers   %d, with %s numbers\n", r.Layers, phrase.Thousands(r.Parameters))
	if c := r.Compared; c != nil {
		fmt.Fprintf(out, "compared %s of %s: largest difference %.2g, where the largest number is %.4g\n",
			phrase.Count(c.Numbers, "number"), c.Output, c.Difference, c.Largest)
	}
	fmt.Fprintf(out, "spec     %s\nweights  %s\n", r.Spec, r.Weights)
	fmt.Fprintf(out, "next     say in the spec what your data are, then: dnn train -c %s\n", r.Spec)
	return nil
}
