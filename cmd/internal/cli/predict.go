package cli

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type predictCommand struct {
	app    *app
	cmd    *cobra.Command
	input  inputFlags
	out    string
	format string
	keep   []string
	top    int
	noProb bool
	fold   bool
}

func (a *app) predict() *cobra.Command {
	p := &predictCommand{app: a, input: inputFlags{prompt: true}}
	cmd := &cobra.Command{
		Use:   "predict MODEL [FILE|-|PICTURE|SEQUENCE|FOLDER]...",
		Short: "Predict new rows or pictures with a model",
		Long: `Predict new rows or pictures with a model, in constant memory, however many they are.

MODEL is a model file, or the folder of a run, whose best weights are taken. Rows come from FILE or from standard input
(-), as CSV, TSV or JSON Lines, also gzipped. Columns may stand in any order; further columns are ignored; the target is
not needed. For each row a row comes out, in the same order:

  classes        prediction, p_CLASS for each class
  yes or no      prediction, p_NO, p_YES
  labels         for each label its name and p_LABEL
  numbers        each target by its name, in its own unit; of a series each step: sales+1, sales+2, …
  for each step  the answers to all steps of the row, listed as in the training data; in JSON Lines as lists, also of
                 the probabilities

--top K gives the K likeliest classes instead, the likeliest first: top_1, p_1, top_2, p_2, … In JSON Lines they are a
list: "top":[{"class":"cat","p":0.93},…]. For each step in CSV there are no probabilities: top_1, top_2, … alone.

Rows are answered as they come: when input pauses, so does the program only after the answers to all rows so far. A script
may write a row, flush, and wait for its answer.

With --keep, columns of the input stand before them. The output is CSV, or JSON Lines when the input is JSON Lines.

A model whose only input is a picture takes any number of PICTUREs (PNG, JPEG, GIF, BMP, WebP) and FOLDERs of them, which
are walked in the order of their names; hidden files and those whose names are not those of pictures are left out.
Pictures of any size are brought to that of the training pictures. The column file stands before the predictions.

A model that was trained on a file for each sequence (format: sequence_folder) takes any number of such files and of
FOLDERs, each file for one row; the column file stands before the predictions. A file with a column of that name is a table
of many sequences. From standard input comes one sequence, or such a table. So does a model whose only input is the series
of the files that a column names; there a file with that column is a table of paths, as is standard input.

A model of windows takes the rows of a table in time, with the history in the same file; the file is kept in memory. A row's
prediction is made from the rows before it and never from its own value, which may be empty: so for a prediction of what
follows the last row, add a row with the next date and nothing else (or use 'dnn forecast', which goes on for any number of
steps). Rows whose history does not lie in the file keep their places, empty. With sequence_id all rows of an id give one
row, in the order of their first, with the id before it unless --keep names other columns.

A row or picture that cannot be read keeps its place with empty fields (null in JSON Lines) and is told on standard error
with its line and cause; the exit code is then 2. A file named with --out appears when it is complete.`,
		Example: `  dnn predict runs/penguins/0001/best.safetensors new.csv
  dnn predict runs/penguins/0001 new.csv --keep all --out predictions.csv
  zcat rows.csv.gz | dnn predict best.safetensors --format jsonl | head
  dnn predict runs/digits/0001 photos/ more/*.png --top 3`,
		Args: arguments(1, math.MaxInt, "a MODEL, and a FILE or any number of pictures and folders"),
		RunE: a.run(p.run),
	}
	p.cmd = cmd
	p.input.add(cmd)
	f := cmd.Flags()
	f.StringVarP(&p.out, "out", "o", "", "write to this file instead of standard output (gzipped when its name ends in .gz)")
	f.StringVar(&p.format, "format", "", "form of the output: csv or jsonl (default: by the name of --out, else as the input)")
	f.StringSliceVar(&p.keep, "keep", nil, "columns of the input to pass on before the predictions, or all")
	f.IntVar(&p.top, "top", 0, "only the so many likeliest classes, with their probabilities (for each step: in JSON Lines alone)")
	f.BoolVar(&p.noProb, "no-probabilities", false, "leave the probabilities out")
	addFoldNorms(cmd, &p.fold)
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
	answers := newAnswers(file.Net, !p.noProb)
	if p.cmd.Flags().Changed("top") {
		if p.top < 1 {
			return usagef("--top: %d is out of range: want 1 or more", p.top)
		}
		if err := answers.onlyTop(p.top); err != nil {
			return err
		}
	}
	if p.fold {
		if file.Net, err = p.app.foldNorms(file.Net, file.State); err != nil {
			return err
		}
	}
	if p.areSequences(args[1:], file.Net.Schema) {
		return p.sequences(file, args, answers)
	}
	pictured, err := arePictures(args[1:], file.Net.Schema)
	if err != nil {
		return err
	}
	if pictured {
		return p.pictures(file, args, answers)
	}
	return p.rows(file, append(args, "-")[:2], answers)
}

// rows predicts the rows of one file.
func (p *predictCommand) rows(file *model.File, args []string, answers *answers) error {
	in, err := p.input.open(p.app, args[1])
	if err != nil {
		return err
	}
	defer in.done()
	if err := p.keepsInput(in, args[0]); err != nil {
		return err
	}
	stream, err := p.input.stream(in, file.Net.Schema, false)
	if err != nil && file.Net.Schema.PictureInput() != nil && len(p.cmd.Flags().Args()) == 1 {
		return &exit{code: codeUsage, err: err, hint: "the model reads pictures: name files or folders of them behind the model"}
	}
	if err != nil {
		return err
	}
	defer stream.Close()
	if p.format == "" {
		p.format = formOf(p.out, in.form, args[1], file.Net)
	}
	alone := file.Net.Schema.OfSequenceFiles() && in.name == stdin // one sequence, most often
	if t := file.Net.Schema.Timing; len(p.keep) == 0 && !alone && t != nil && slices.Contains(stream.Header(), t.ID) {
		p.keep = []string{t.ID}
	}
	kept, err := p.kept(stream.Header())
	if err != nil {
		return err
	}
	wrong := newComplaints(p.app, in)
	rows := newRows(p.format, answers, kept, stream.Header())
	place := func(i int) string { return wrong.line(stream.Lines()[i]) }
	if err := p.predict(file, stream, rows, answers, wrong, place); err != nil {
		return err
	}
	p.app.tellUnseen(stream)
	if n := wrong.young.rows; n > 0 {
		p.app.note("%s %s empty (%s): the rows that their windows are made of do not all lie in the file", plural(n, "row"), choose(n == 1, "stays", "stay"), wrong.young.text())
	}
	return wrong.verdict()
}

// young reports whether all that is wrong with a row is that its history does not lie in the file, and in which line it is.
func young(failure error) (line int, ok bool) {
	var e *dataset.RowError
	if errors.As(failure, &e) && e.NoHistory {
		return e.Line, true
	}
	return 0, false
}

// predict sends what a source holds through the net. place names row i of those read last.
func (p *predictCommand) predict(file *model.File, in source, rows rowWriter, answers *answers, wrong *complaints, place func(i int) string) error {
	sink, err := p.sink()
	if err != nil {
		return err
	}
	defer sink.abandon()
	pool := parallel.New(p.app.settings.Threads)
	defer pool.Close()
	runner := model.NewRunner(file.Net, file.State, pool, false)
	var out []byte
	begun := false // a head alone would be taken for a result where there is no picture
	for {
		if len(out) > 0 {
			if _, err := sink.Write(out); err != nil {
				return err
			}
			if err := sink.pause(in); err != nil {
				return err
			}
		}
		n, err := in.Next(runner.Batch(), file.Net.ScoreRows())
		if out = out[:0]; !begun && (err == nil || err == io.EOF && wrong.file != "") {
			begun, out = true, rows.head(out)
		}
		if err == io.EOF && !begun {
			return nil
		}
		if err == io.EOF {
			if _, err := sink.Write(out); err != nil {
				return err
			}
			return sink.commit()
		}
		if err != nil {
			return bad(fmt.Errorf("%s: %w", wrong.file, err))
		}
		raw, _, _, err := runner.Run()
		if err != nil {
			return err
		}
		answers.take(raw, runner)
		for i := range n {
			failure := in.Errors()[i]
			if line, ok := young(failure); ok {
				wrong.young.add(line)
				wrong.rows++
				out = rows.row(out, in, i, false)
				continue
			}
			if failure == nil && !answers.finite(i) {
				failure = errors.New("the net's answer is not a number")
			}
			wrong.row(func() string { return place(i) }, failure)
			out = rows.row(out, in, i, failure == nil)
		}
	}
}

// keepsInput refuses an output that is a folder, or would take the place of the rows or of the model, under whatever name.
func (p *predictCommand) keepsInput(in *input, arg string) error {
	if p.out == "" || p.out == "-" {
		return nil
	}
	out, err := os.Stat(p.out)
	if err != nil {
		return nil // a new file, or one that cannot be written: that is said when it is made
	}
	if out.IsDir() {
		return usagef("--out %s is a folder; name a file", p.out)
	}
	if f, ok := rowsOf(in); ok {
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && os.SameFile(info, out) {
			return usagef("--out %s is the input itself; name another file", p.out)
		}
	}
	if path, err := modelFile(arg); err == nil {
		if info, err := os.Stat(path); err == nil && os.SameFile(info, out) {
			return usagef("--out %s is the model itself; name another file", p.out)
		}
	}
	return nil
}

// rowsOf is the file that rows are read from; pictures have none.
func rowsOf(in *input) (*os.File, bool) {
	if in == nil {
		return nil, false
	}
	f, ok := in.file.(*os.File)
	return f, ok
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
