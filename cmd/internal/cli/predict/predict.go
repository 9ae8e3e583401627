// Package predict is "dnn predict".
package predict

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/parallel"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type options struct {
	term   *term.Terminal
	cmd    *cobra.Command
	input  input.Flags
	out    string
	format string
	keep   []string
	top    int
	noProb bool
	fold   bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	p := &options{term: terminal, input: input.Flags{Prompt: true}}
	cmd := &cobra.Command{
		Use:   "predict MODEL [FILE|-|IMAGE|SEQUENCE|FOLDER]...",
		Short: "Predict new rows or images with a model",
		Long: `Predict new rows or images with a model, in constant memory.

MODEL is a model file, or the folder of a run, whose best weights are used. Rows come from FILE or standard input (-), as
CSV, TSV or JSON Lines, optionally compressed with gzip or zstd. Columns may be in any order; other columns are ignored;
the target is not needed. Each input row gives one output row, in the same order:

  classes        prediction, p_CLASS for each class
  yes or no      prediction, p_NO, p_YES
  labels         for each label its name and p_LABEL
  numbers        each target by its name, in its own unit; for a series, each step: sales+1, sales+2, …
  texts          prediction, score: what the net writes, and how probable it finds it, as a logarithm
  for each step  the predictions of all steps of the row, listed as in the training data; in JSON Lines as lists, with
                 probabilities

--top K prints the K likeliest classes instead, the likeliest first: top_1, p_1, top_2, p_2, … In JSON Lines they are a
list: "top":[{"class":"cat","p":0.93},…]. For models that predict each step, CSV has no probabilities: top_1, top_2, …

Rows are predicted as they arrive: when the input pauses, all predictions so far are written. A script can write a row,
flush, and read its prediction.

--keep puts columns of the input before the predictions. The output is CSV, or JSON Lines if the input is JSON Lines.

A model whose only input is an image takes any number of IMAGEs (PNG, JPEG, GIF, BMP, TIFF, WebP) and FOLDERs of them, which
are walked in name order; hidden files and files without an image extension are skipped. Images of any size are resized
to that of the training images. The column "file" comes before the predictions.

A model trained on one file per sequence (format: sequence_folder) takes any number of such files and of FOLDERs, one row
per file; the column "file" comes before the predictions. A file with a column of that name is a table of many sequences.
Standard input holds one sequence, or such a table. The same holds for a model whose only input is a series from files
that a column names; there, a file with that column, or standard input, is a table of paths.

A model of windows takes a table of rows in time, with the history in the same file; the file is kept in memory. The
prediction of a row uses the rows before it and never its own value, which may be empty. To predict what follows the last
row, add a row with the next date and nothing else (or use 'dnn forecast', which predicts any number of steps). Rows
whose history is not in the file keep their places, empty. With sequence_id, all rows of an id give one row, in order of
first appearance, with the id before it unless --keep names other columns.

A row or image that cannot be read keeps its place with empty fields (null in JSON Lines) and is reported on standard
error with its line and cause; the exit code is then 2. A file named with --out appears when it is complete.`,
		Example: `  dnn predict runs/penguins/0001/best.safetensors new.csv
  dnn predict runs/penguins/0001 new.csv --keep all --out predictions.csv
  zcat rows.csv.gz | dnn predict best.safetensors --format jsonl | head
  dnn predict runs/digits/0001 photos/ more/*.png --top 3`,
		Args: flags.Arguments(1, math.MaxInt, "a MODEL, and a FILE or any number of images and folders"),
		RunE: flags.Run(terminal, p.run),
	}
	p.cmd = cmd
	p.input.Add(cmd)
	f := cmd.Flags()
	f.StringVarP(&p.out, "out", "o", "", "write to this file instead of standard output (gzipped if its name ends in .gz)")
	f.StringVar(&p.format, "format", "", "format of the output: csv or jsonl (default: from the name of --out, else that of the input)")
	f.StringSliceVar(&p.keep, "keep", nil, "columns of the input to put before the predictions, or all")
	f.IntVar(&p.top, "top", 0, "print only the K likeliest classes, with probabilities (for each step: in JSON Lines only)")
	f.BoolVar(&p.noProb, "no-probabilities", false, "leave out probabilities")
	flags.AddFoldNorms(cmd, &p.fold)
	flags.AddDevice(cmd)
	flags.Complete(cmd, "format", output.Formats)
	return cmd
}

func (p *options) run(args []string) error {
	if p.format != "" && !slices.Contains(output.Formats, p.format) {
		return exit.Usagef("--format: expected csv or jsonl, got %q%s", p.format, spec.DidYouMean(p.format, output.Formats))
	}
	file, err := models.Load(args[0])
	if err != nil {
		return err
	}
	if err := flags.Use(p.term, file.State); err != nil {
		return err
	}
	for _, h := range file.Net.Heads {
		if h.Threshold > 0 {
			p.term.Note("%s from a probability of %.4g on, the best threshold of the validation split", h.Classes[1], h.Threshold)
		}
	}
	predictions := newPredictions(file.Net, !p.noProb)
	if p.cmd.Flags().Changed("top") {
		if p.top < 1 {
			return exit.Usagef("--top: %d is out of range: must be 1 or more", p.top)
		}
		if err := predictions.onlyTop(p.top); err != nil {
			return err
		}
	}
	if p.fold {
		if file.Net, err = p.foldNorms(file); err != nil {
			return err
		}
	}
	if p.areSequences(args[1:], file.Net.Schema) {
		return p.sequences(file, args, predictions)
	}
	pictured, err := input.AreImages(args[1:], file.Net.Schema)
	if err != nil {
		return err
	}
	if pictured {
		return p.pictures(file, args, predictions)
	}
	return p.rows(file, append(args, "-")[:2], predictions)
}

// rows predicts the rows of one file.
func (p *options) rows(file *model.File, args []string, predictions *predictions) error {
	in, err := p.input.Open(p.term, args[1])
	if err != nil {
		return err
	}
	defer in.Close()
	if err := p.checkOut(in, args[0]); err != nil {
		return err
	}
	st, err := p.input.Stream(in, file.Net.Schema, false)
	if err != nil && file.Net.Schema.ImageInput() != nil && len(p.cmd.Flags().Args()) == 1 {
		return &exit.Error{Code: exit.Usage, Err: err, Hint: "the model reads images: name files or folders of them after the model"}
	}
	if err != nil {
		return err
	}
	defer st.Close()
	if p.format == "" {
		p.format = formatOf(p.out, in.Format, args[1], file.Net)
	}
	alone := stream.OfSequenceFiles(file.Net.Schema) && in.Name == input.Stdin // one sequence, most often
	if t := file.Net.Schema.Ordering; len(p.keep) == 0 && !alone && t != nil && slices.Contains(st.Header(), t.ID) {
		p.keep = []string{t.ID}
	}
	kept, err := p.kept(st.Header())
	if err != nil {
		return err
	}
	wrong := input.NewBad(p.term, in)
	rows := newRows(p.format, predictions, kept, st.Header())
	place := func(i int) string { return wrong.Line(st.Lines()[i]) }
	if err := p.predict(file, st, rows, predictions, wrong, place); err != nil {
		return err
	}
	input.Warn(p.term, st)
	input.WarnOfTokens(p.term, st)
	if n := wrong.NoHistory.Rows; n > 0 {
		p.term.Note("%s %s empty (%s): the file lacks rows of their windows", output.Plural(n, "row"), output.Choose(n == 1, "stays", "stay"), wrong.NoHistory.String())
	}
	return wrong.Err()
}

// young reports whether all that is wrong with a row is that its history does not lie in the file, and in which line it is.
func young(failure error) (line int, ok bool) {
	var e *record.RowError
	if errors.As(failure, &e) && e.NoHistory {
		return e.Line, true
	}
	return 0, false
}

// predict sends what a source holds through the net. place names row i of those read last.
func (p *options) predict(file *model.File, in source, rows rowWriter, predictions *predictions, wrong *input.Bad, place func(i int) string) error {
	sink, err := output.Open(p.out, p.term.Out)
	if err != nil {
		return err
	}
	defer sink.Abandon()
	pool := parallel.New(p.term.Threads)
	defer pool.Close()
	runner := infer.NewRunner(file.Net, file.State, pool, false)
	predictions.levels = infer.NewLevels(runner, file.Net, file.State, pool)
	if predictions.writes() {
		if predictions.writer, err = infer.NewWriter(file.Net, file.State, pool, nil); err != nil {
			return exit.Bad(err)
		}
	}
	var out []byte
	begun := false // a head alone would be taken for a result where there is no image
	for {
		if len(out) > 0 {
			if _, err := sink.Write(out); err != nil {
				return err
			}
			if err := sink.Pause(in); err != nil {
				return err
			}
		}
		n, err := in.Next(runner.Batch(), file.Net.ScoreRows())
		if out = out[:0]; !begun && (err == nil || err == io.EOF && wrong.File != "") {
			begun, out = true, rows.head(out)
		}
		if err == io.EOF && !begun {
			return nil
		}
		if err == io.EOF {
			if _, err := sink.Write(out); err != nil {
				return err
			}
			return sink.Commit()
		}
		if err != nil {
			return exit.Bad(fmt.Errorf("%s: %w", wrong.File, err))
		}
		var outs []infer.Output
		if !predictions.onlyGenerates() {
			if outs, err = runner.Run(); err != nil {
				return err
			}
		}
		if err := predictions.take(outs, runner, func(row int) bool { return in.Errors()[row] == nil }); err != nil {
			return err
		}
		for i := range n {
			failure := in.Errors()[i]
			if line, ok := young(failure); ok {
				wrong.NoHistory.Add(line)
				wrong.Rows++
				out = rows.row(out, in, i, false)
				continue
			}
			if failure == nil && !predictions.finite(i) {
				failure = errors.New("the prediction is not a number")
			}
			wrong.Add(func() string { return place(i) }, failure)
			out = rows.row(out, in, i, failure == nil)
		}
	}
}

// checkOut refuses an output in the place of the rows or of the model.
func (p *options) checkOut(in *input.Input, modelArg string) error {
	var info os.FileInfo
	if in != nil {
		if f, ok := in.File.(*os.File); ok {
			if i, err := f.Stat(); err == nil && i.Mode().IsRegular() {
				info = i
			}
		}
	}
	return models.CheckOut("--out", p.out, info, modelArg)
}

// foldNorms folds the batch norms of a net and says so.
func (p *options) foldNorms(file *model.File) (*model.Network, error) {
	net, folded, left, err := file.Net.Folded(file.State)
	if err != nil {
		return nil, err
	}
	flags.NoteFolded(p.term, folded, left)
	return net, nil
}

// formatOf chooses the format of the output.
func formatOf(out, format, in string, n *model.Network) string {
	trained := ""
	if n.Schema.Format.Format != nil {
		trained = spec.KeyOf(n.Schema.Format.Format)
	}
	switch {
	case input.HasExt(out, "jsonl", "ndjson"):
		return "jsonl"
	case input.HasExt(out, "csv"):
		return "csv"
	case format == "jsonl", input.HasExt(in, "jsonl", "ndjson"), format == "" && trained == "jsonl" && !input.HasExt(in, "csv", "tsv", "tab"):
		return "jsonl"
	}
	return "csv"
}

// kept returns the places of the columns to pass on.
func (p *options) kept(header []string) ([]int, error) {
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
			return nil, exit.Usagef("--keep: the input has no columns to keep")
		default:
			return nil, exit.Usagef("--keep: the input has no column %q%s", name, spec.DidYouMean(name, header))
		}
	}
	return at, nil
}
