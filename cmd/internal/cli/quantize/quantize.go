// Package quantize is "dnn quantize".
package quantize

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/parallel"
	"dnn/pkg/compress/quantize"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type options struct {
	term   *term.Terminal
	input  input.Flags
	data   string
	out    string
	method string
	json   bool
	quantize.Settings
	methodGiven bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	q := &options{term: terminal, Settings: quantize.Defaults()}
	cmd := &cobra.Command{
		Use:   "quantize MODEL",
		Short: "Make a model smaller by keeping its weights as numbers of fewer bits",
		Long: `Keep the weights of a model as numbers of fewer bits. MODEL is a model file, or the folder of a run, whose best weights are
used. It stays as it is; the quantized model is a file of its own, which all commands that use models read. It cannot be trained.

  --weights int8         whole numbers with a scale for each output; products are computed in integers (a quarter of the size)
  --weights int4         blocks of 32 numbers of 4 bits with one scale, widened in products (a seventh of the size)
  --weights int8_blocks  the same of 8 bits, closer to the weights
  --weights f16, bf16    numbers of 16 bits in the file, which are widened when it is read (half the size)

With int8, --activations says what becomes of the values that meet weights: "dynamic" quantizes them with a scale for each row,
or each image of a convolution, when the net runs; "calibrated" with one scale, found on rows of data by --method; "none" leaves
them, and products are those of float32.

With --sparse, int8 weights that are mostly zero, as after pruning, are kept without their zeros: at nine tenths of zeros in a fifth
of the size. Products with them are those of float32.

Batch norms behind a layer are folded into its weights first. Then each layer is tried: it is quantized alone, and stays float32
if that raises the loss by more than --max-loss, as a share of it. --keep names layers that always stay float32. The table
shows, for each layer, its form, its size, and how much the loss changed when it was quantized alone; below it is each figure
before and after.

Scales are calibrated on rows of the training split, layers are tried and figures computed on the validation split. With
--data FILE all of it is done on the rows of that file, which has the columns of the training data and the target.`,
		Example: `  dnn quantize runs/mnist/0001 -o mnist.int8.safetensors
  dnn quantize best.safetensors --activations calibrated --method entropy --keep dense_3
  dnn quantize runs/gpt/0001 --weights int4 --json`,
		Args: flags.Arguments(1, 1, "one MODEL: a model file or the folder of a run"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error {
		q.methodGiven = cmd.Flags().Changed("method")
		return q.run(args[0])
	})
	q.input.Add(cmd)
	f := cmd.Flags()
	f.StringVarP(&q.out, "output", "o", "", "file to write (default: that of the model with the form in its name)")
	f.StringVar(&q.data, "data", "", "file, or folder of images or sequences, to calibrate, try and score with (default: splits of the model's own data)")
	f.StringVar(&q.Weights, "weights", q.Weights, "form of the weights: "+strings.Join(quantize.Forms(), ", "))
	f.StringVar(&q.Activations, "activations", q.Activations, "what meets int8 weights: dynamic, calibrated or none")
	f.StringVar(&q.method, "method", "mse", "how calibrated scales are found: "+strings.Join(quantize.Methods.Keys(), ", "))
	f.StringSliceVar((*[]string)(&q.Keep), "keep", nil, "layers that stay float32: names, or patterns such as encoder*")
	f.BoolVar(&q.Sparse, "sparse", false, "keep int8 weights in sparse form where most are zero, as after pruning")
	f.IntVar(&q.Rows, "rows", q.Rows, "rows to calibrate on, and to try layers on")
	f.Float64Var(&q.MaxLoss, "max-loss", q.MaxLoss, "share of the loss by which a layer alone may raise it")
	f.BoolVar(&q.json, "json", false, "print one JSON object")
	flags.Complete(cmd, "weights", quantize.Forms())
	flags.Complete(cmd, "activations", activations)
	flags.Complete(cmd, "method", quantize.Methods.Keys())
	return cmd
}

var activations = []string{"dynamic", "calibrated", "none"}

// check says what is wrong with the flags.
func (q *options) check() error {
	for _, c := range []struct {
		flag, value string
		words       []string
	}{{"--weights", q.Weights, quantize.Forms()}, {"--activations", q.Activations, activations}, {"--method", q.method, quantize.Methods.Keys()}} {
		if !contains(c.words, c.value) {
			return exit.Usagef("%s: expected %s, got %q%s", c.flag, strings.Join(c.words, ", "), c.value, spec.DidYouMean(c.value, c.words))
		}
	}
	switch {
	case q.Rows < 1:
		return exit.Usagef("--rows: %d is out of range: must be in [1,)", q.Rows)
	case !(q.MaxLoss >= 0):
		return exit.Usagef("--max-loss: %v is out of range: must be in [0,)", q.MaxLoss)
	case q.Activations == "calibrated" && q.Weights != "int8":
		return exit.Usagef("--activations calibrated is for --weights int8; products with %s are those of float32", q.Weights)
	case q.Sparse && q.Weights != "int8":
		return exit.Usagef("--sparse is for --weights int8")
	case q.methodGiven && q.Activations != "calibrated":
		return exit.Usagef("--method is for --activations calibrated")
	case q.data == "" && q.input.Given():
		return exit.Usagef("--input-format and --delimiter are for --data FILE")
	case q.data == "-":
		return exit.Usagef("--data must name a file: its rows are read several times")
	}
	q.Method, _ = quantize.Methods.Get(q.method)
	return nil
}

func contains(words []string, word string) bool {
	for _, w := range words {
		if w == word {
			return true
		}
	}
	return false
}

func (q *options) run(arg string) error {
	if err := q.check(); err != nil {
		return err
	}
	f, err := models.Load(arg)
	if err != nil {
		return err
	}
	if f.Position != nil {
		return exit.Usagef("%s is the checkpoint of a training; name its best weights, or the folder of the run", f.Path)
	}
	if q.out == "" {
		q.out = strings.TrimSuffix(f.Path, ".safetensors") + "." + q.Weights + ".safetensors"
	}
	if err := models.CheckOut("-o", q.out, nil, arg); err != nil {
		return err
	}
	rows, err := q.rows(f)
	if err != nil {
		return err
	}
	pool := parallel.New(q.term.Threads)
	defer pool.Close()
	made, report, err := quantize.Apply(f, rows.Data, q.Settings, pool)
	if err != nil {
		return quantizeError(f.Path, err)
	}
	if err := model.Save(q.out, made.Net, made.State, nil); err != nil {
		return exit.Written(err)
	}
	r := result{Model: f.Path, Output: filepath.ToSlash(q.out), Report: report, Split: rows.split}
	if err := r.measure(f, made, rows.all, pool); err != nil {
		return err
	}
	for _, text := range report.Warnings(&q.Settings) {
		q.term.Warn("%s", text)
	}
	if r.SizeAfter >= r.SizeBefore {
		q.term.Warn("%s is no smaller than the model, %s bytes for %s: the net is so small that scales and descriptions of forms take what its weights save",
			r.Output, output.Count(int(r.SizeAfter)), output.Count(int(r.SizeBefore)))
	}
	if q.json {
		return q.term.WriteJSON(&r)
	}
	r.tell(q.term)
	return nil
}

// size is that of a file.
func size(path string) (int64, error) {
	info, err := os.Stat(path)
	if err != nil {
		return 0, err
	}
	return info.Size(), nil
}

// tell prints what became of the model.
func (r *result) tell(on *term.Terminal) {
	t := output.Table{Head: []string{"layer", "form", "parameters", "before", "after", "loss change"}, Left: 2}
	for _, l := range r.Report.Layers {
		form, change := l.Form, output.Signed(l.Sensitivity)
		switch l.Kept {
		case quantize.KeptAsAsked:
			form, change = form+" (kept)", ""
		case quantize.KeptByLoss:
			form += " (loses too much)"
		}
		t.Add(l.Name, form, output.Count(l.Parameters), output.Memory(l.Before), output.Memory(l.After), change)
	}
	t.Add("file", "", "", output.Memory(int(r.SizeBefore)), output.Memory(int(r.SizeAfter)), "")
	t.Write(on.Out, on.Bold)
	r.tellScores(on)
}
