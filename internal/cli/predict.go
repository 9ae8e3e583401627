package cli

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type predictCommand struct {
	app    *app
	input  inputFlags
	output string
	format string
	keep   []string
	noProb bool
}

func (a *app) predict() *cobra.Command {
	p := &predictCommand{app: a}
	cmd := &cobra.Command{
		Use:   "predict MODEL [FILE|-]",
		Short: "Predict new rows with a model",
		Long: `Predict new rows with a model, in constant memory, however many they are.

MODEL is a model file, or the folder of a run, whose best weights are taken. Rows come from FILE or from standard input
(-), as CSV, TSV or JSON Lines, also gzipped. Columns may stand in any order; further columns are ignored; the target is
not needed. For each row a row comes out, in the same order:

  classes        prediction, p_CLASS for each class
  yes or no      prediction, p_NO, p_YES
  labels         for each label its name and p_LABEL
  numbers        each target by its name, in its own unit

With --keep, columns of the input stand before them. The output is CSV, or JSON Lines when the input is JSON Lines.

A row that cannot be read keeps its place with empty fields (null in JSON Lines) and is told on standard error with its
line and cause; the exit code is then 2. A file named with --output appears when it is complete.`,
		Example: `  dnn predict runs/penguins/0001/best.safetensors new.csv
  dnn predict runs/penguins/0001 new.csv --keep all --output predictions.csv
  zcat rows.csv.gz | dnn predict best.safetensors --format jsonl | head`,
		Args: arguments(1, 2, "a MODEL and at most one FILE"),
		RunE: a.run(func(args []string) error { return p.run(append(args, "-")[:2]) }),
	}
	p.input.add(cmd)
	f := cmd.Flags()
	f.StringVarP(&p.output, "output", "o", "", "write to this file instead of standard output (gzipped when its name ends in .gz)")
	f.StringVar(&p.format, "format", "", "form of the output: csv or jsonl (default: by the name of --output, else as the input)")
	f.StringSliceVar(&p.keep, "keep", nil, "columns of the input to pass on before the predictions, or all")
	f.BoolVar(&p.noProb, "no-probabilities", false, "leave the probabilities out")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(outputFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

var outputFormats = []string{"csv", "jsonl"}

func (p *predictCommand) run(args []string) error {
	if p.format != "" && !slices.Contains(outputFormats, p.format) {
		return usagef("--format: want csv or jsonl, got %q%s", p.format, spec.DidYouMean(p.format, outputFormats))
	}
	file, err := loadModel(args[0])
	if err != nil {
		return err
	}
	in, err := p.input.open(p.app, args[1])
	if err != nil {
		return err
	}
	defer in.done()
	if err := p.keepsInput(in, args[0]); err != nil {
		return err
	}
	stream, err := p.input.stream(in, file.Net.Schema, false)
	if err != nil {
		return err
	}
	if p.format == "" {
		p.format = formOf(p.output, in.form, args[1], file.Net)
	}
	kept, err := p.kept(stream.Header())
	if err != nil {
		return err
	}
	sink, err := p.sink()
	if err != nil {
		return err
	}
	defer sink.abandon()
	answers := newAnswers(file.Net, !p.noProb)
	rows := newRows(p.format, answers, kept, stream.Header())
	pool := parallel.New(p.app.settings.Threads)
	defer pool.Close()
	wrong := newComplaints(p.app, in)
	if err := predictAll(model.NewRunner(file.Net, file.State, pool, false), stream, rows, answers, sink, wrong); err != nil {
		return err
	}
	if err := sink.commit(); err != nil {
		return err
	}
	p.app.tellUnseen(stream)
	if wrong.count > 0 {
		return usagef("%s of %s could not be predicted; their places are empty", count(wrong.count), plural(wrong.rows, "row"))
	}
	return nil
}

// predictAll sends the rows of a stream through the net.
func predictAll(r *model.Runner, in *dataset.Stream, rows rowWriter, answers *answers, sink *sink, wrong *complaints) error {
	out := rows.head(nil)
	for {
		if len(out) > 0 {
			if _, err := sink.Write(out); err != nil {
				return err
			}
		}
		n, err := in.Next(r.Batch(), model.ScoreRows)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return bad(fmt.Errorf("%s: %w", wrong.file, err))
		}
		raw, _, _, err := r.Run()
		if err != nil {
			return err
		}
		answers.take(raw)
		out = out[:0]
		for i := range n {
			failure := in.Errors()[i]
			if failure == nil && !answers.finite(i) {
				failure = errors.New("the net's answer is not a number")
			}
			wrong.row(in.Lines()[i], failure)
			out = rows.row(out, in, i, failure == nil)
		}
	}
}

// keepsInput refuses an output that is a folder, or would take the place of the rows or of the model, under whatever name.
func (p *predictCommand) keepsInput(in *input, arg string) error {
	if p.output == "" || p.output == "-" {
		return nil
	}
	out, err := os.Stat(p.output)
	if err != nil {
		return nil // a new file, or one that cannot be written: that is said when it is made
	}
	if out.IsDir() {
		return usagef("--output %s is a folder; name a file", p.output)
	}
	if f, ok := in.file.(*os.File); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && os.SameFile(info, out) {
			return usagef("--output %s is the input itself; name another file", p.output)
		}
	}
	if path, err := modelFile(arg); err == nil {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, out) {
			return usagef("--output %s is the model itself; name another file", p.output)
		}
	}
	return nil
}

// formOf chooses the form of the output.
func formOf(output, form, input string, n *model.Network) string {
	trained := ""
	if n.Schema.Format.Format != nil {
		trained = spec.KeyOf(n.Schema.Format.Format)
	}
	switch {
	case endsIn(output, "jsonl", "ndjson"):
		return "jsonl"
	case endsIn(output, "csv"):
		return "csv"
	case form == "jsonl", endsIn(input, "jsonl", "ndjson"), form == "" && trained == "jsonl" && !endsIn(input, "csv", "tsv", "tab"):
		return "jsonl"
	}
	return "csv"
}

// kept returns the places of the columns to pass on.
func (p *predictCommand) kept(header []string) ([]int, error) {
	var at []int
	for _, name := range p.keep {
		i := slices.Index(header, name)
		switch {
		case i >= 0:
			at = append(at, i)
		case name == "all" && len(p.keep) == 1 && header != nil:
			for i := range header {
				at = append(at, i)
			}
		case header == nil:
			return nil, usagef("--keep: the input has no columns that could be kept")
		default:
			return nil, usagef("--keep: the input has no column %q%s", name, spec.DidYouMean(name, header))
		}
	}
	return at, nil
}

// sink is where predictions go: standard output, or a file that appears when it is complete.
type sink struct {
	*bufio.Writer
	file *atomicFile
	pack *gzip.Writer
}

func (p *predictCommand) sink() (*sink, error) {
	if p.output == "" || p.output == "-" {
		return &sink{Writer: bufio.NewWriterSize(p.app.out, 64<<10)}, nil
	}
	f, err := newAtomic(p.output)
	if err != nil {
		return nil, err
	}
	s := &sink{file: f}
	if strings.HasSuffix(strings.ToLower(p.output), ".gz") {
		s.pack = gzip.NewWriter(f)
		s.Writer = bufio.NewWriterSize(s.pack, 64<<10)
	} else {
		s.Writer = bufio.NewWriterSize(f, 64<<10)
	}
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	go func() { // a half-written file is of no use
		sig := <-signals
		os.Remove(f.Name())
		os.Exit(codeSignal + int(sig.(syscall.Signal)))
	}()
	return s, nil
}

func (s *sink) commit() error {
	if err := s.Flush(); err != nil {
		return err
	}
	if s.pack != nil {
		if err := s.pack.Close(); err != nil {
			return err
		}
	}
	if s.file != nil {
		return s.file.commit()
	}
	return nil
}

// abandon passes on what came to standard output so far, and removes an incomplete file.
func (s *sink) abandon() {
	if s.file != nil {
		s.file.abandon()
		return
	}
	s.Flush()
}
