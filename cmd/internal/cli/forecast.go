package cli

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type forecastCommand struct {
	app    *app
	input  inputFlags
	steps  int
	given  bool // steps
	data   string
	out    string
	format string
	plot   string
	group  string
}

// maxAhead is how far a forecast can go.
const maxAhead = 1_000_000

func (a *app) forecast() *cobra.Command {
	f := &forecastCommand{app: a}
	cmd := &cobra.Command{
		Use:   "forecast MODEL [--steps N]",
		Short: "Go on with a series beyond the end of its data",
		Long: `Go on with a series beyond the end of its data, with a model whose target is a series.

MODEL is a model file, or the folder of a run, whose best weights are taken. The forecast follows the last row of the spec's
own data, which may have grown since the training, or of the file that --data names (-: standard input): rows with the
columns of the training data, as CSV, TSV or JSON Lines. A model that predicts H steps at once predicts the next H from the
last rows; what it predicted is then the history of the H after those, up to step N. The farther, the less it knows.

Columns that the net wants of the future (known: true, and inputs that are no series) and columns of its windows that it does
not predict itself must be given for the steps: in rows after the last, in which the target is left empty.

Of several series those that lack rows are left out with a warning; that all of them do is an error.

A row comes out for each step: the column of the group where there are several series, the step from 1, the moment as the
data writes it where its rows follow one another evenly (nine of ten do), else empty, and each target in its own unit. --out
writes a file, CSV or JSON Lines by its name; else the rows go to standard output.

--plot draws the end of the history, the predictions of the test part (without --data, where it is that of the training) and the
forecast, as PNG and SVG. Those of the test part are made as many steps at a time as the model predicts at once, each time from
the true values before. Of several series the first is drawn, or the one that --group names: then there are rows of it alone.`,
		Example: `  dnn forecast runs/airline/0001 --steps 24
  dnn forecast runs/airline/0001 --steps 24 --out forecast.csv --plot forecast.png
  dnn forecast runs/shops/0001 --group Bonn --plot bonn.png
  dnn forecast best.safetensors --data history.csv --steps 12 --format jsonl`,
		Args: arguments(1, 1, "one MODEL: a model file or the folder of a run"),
	}
	cmd.RunE = a.run(func(args []string) error {
		f.given = cmd.Flags().Changed("steps")
		return f.run(args[0])
	})
	f.input.add(cmd)
	flags := cmd.Flags()
	flags.IntVar(&f.steps, "steps", 0, "how many steps to predict, 1 and more (default: as many as the model predicts at once, its horizon)")
	flags.StringVar(&f.data, "data", "", "the history, instead of the spec's own data (-: standard input)")
	flags.StringVarP(&f.out, "out", "o", "", "write to this file instead of standard output")
	flags.StringVar(&f.format, "format", "", "form of the output: csv or jsonl (default: by the name of --out, else csv)")
	flags.StringVar(&f.plot, "plot", "", "draw history and forecast as this PNG file, and as SVG beside it")
	flags.StringVar(&f.group, "group", "", "of several series this one alone, by its name in the column of the group")
	cmd.MarkFlagFilename("plot", "png")
	cmd.RegisterFlagCompletionFunc("format", cobra.FixedCompletions(outputFormats, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (f *forecastCommand) run(arg string) error {
	switch {
	case f.given && (f.steps < 1 || f.steps > maxAhead):
		return usagef("--steps: %d is out of range: want a value in [1,%d]", f.steps, maxAhead)
	case f.format != "" && !slices.Contains(outputFormats, f.format):
		return usagef("--format: want csv or jsonl, got %q%s", f.format, spec.DidYouMean(f.format, outputFormats))
	case f.plot != "" && !endsIn(f.plot, "png"):
		return usagef("--plot %s: the picture is a PNG file; its name must end in .png", f.plot)
	case f.plot != "" && !isFolder(filepath.Dir(f.plot)):
		return usagef("--plot %s: there is no folder %s", f.plot, filepath.Dir(f.plot))
	case f.data == "" && (f.input.format != "" || f.input.delimiter != ""):
		return usagef("--input-format and --delimiter are for the file that --data names")
	}
	file, err := loadModel(arg)
	if err != nil {
		return err
	}
	if !f.given {
		f.steps = max(1, file.Net.Schema.Target.Horizon())
	}
	if err := f.keepsInput(arg); err != nil {
		return err
	}
	fc, err := f.begin(file)
	if err != nil {
		return err
	}
	if f.group != "" {
		if err := fc.Only(f.group); err != nil {
			return usagef("--group: %v", err)
		}
	}
	f.tellLeftOut(fc.LeftOut())
	if names := fc.Strangers(); len(names) > 0 {
		fmt.Fprintf(f.app.err, "warning: %s that training never saw: %s\n", plural(len(names), "group"), listShort(names, 10))
	}
	pool := parallel.New(f.app.settings.Threads)
	defer pool.Close()
	if err := predictOn(fc, model.NewRunner(file.Net, file.State, pool, false), file.Net); err != nil {
		return err
	}
	sink := predictCommand{app: f.app, out: f.out}
	to, err := sink.sink()
	if err != nil {
		return err
	}
	defer to.abandon()
	if _, err := to.Write(f.rows(fc)); err != nil {
		return err
	}
	if err := to.commit(); err != nil || f.plot == "" {
		return err
	}
	return f.draw(file, fc, pool)
}

// keepsInput refuses an output in the place of the history or of the model.
func (f *forecastCommand) keepsInput(arg string) error {
	p := predictCommand{app: f.app, out: f.out}
	if f.data == "" || f.data == "-" {
		return p.keepsInput(nil, arg)
	}
	file, err := os.Open(f.data)
	if err != nil {
		return bad(err)
	}
	defer file.Close()
	return p.keepsInput(&input{file: file}, arg)
}

// begin finds the end of the data.
func (f *forecastCommand) begin(file *model.File) (*dataset.Forecast, error) {
	n := file.Net
	if f.data == "" {
		fc, err := dataset.OwnForecast(&n.Config.Dataset, n.Schema, n.Dir, n.Config.Seed, f.steps)
		var mistakes *spec.Error
		if errors.As(err, &mistakes) {
			text := file.Path + ": the data this model was trained on cannot be read (--data FILE names another history):"
			for _, m := range mistakes.Mistakes {
				text += fmt.Sprintf("\n%s: %s", m.Path, m.Message)
			}
			return nil, usagef("%s", text)
		}
		if err != nil {
			return nil, bad(err)
		}
		return fc, nil
	}
	in, err := f.input.open(f.app, f.data)
	if err != nil {
		return nil, err
	}
	defer in.done()
	fc, err := n.Schema.Forecast(in, in.name, dataset.StreamOptions{Format: in.form, Delimiter: f.input.character()}, f.steps)
	if err != nil {
		return nil, bad(err)
	}
	return fc, nil
}

// tellLeftOut warns of series that have no forecast, the first few one by one.
func (f *forecastCommand) tellLeftOut(why []error) {
	const most = 3
	for _, err := range why[:min(most, len(why))] {
		fmt.Fprintf(f.app.err, "warning: no forecast: %v\n", err)
	}
	if rest := len(why) - most; rest > 0 {
		fmt.Fprintf(f.app.err, "warning: no forecast of %s more like these\n", plural(rest, "group"))
	}
}

// predictOn predicts horizon after horizon.
func predictOn(fc *dataset.Forecast, runner *model.Runner, n *model.Network) error {
	var own []float64
	for ; !fc.Done(); fc.Next() {
		for from := 0; from < fc.Len(); {
			rows, err := fc.Fill(runner.Batch(), from, n.ScoreRows())
			if err != nil {
				return bad(err)
			}
			out, _, _, err := runner.Run()
			if err != nil {
				return err
			}
			own = n.Own(own, out)
			if slices.ContainsFunc(own, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }) {
				return fmt.Errorf("the net's answer is not a number")
			}
			fc.Take(from, own)
			from += rows
		}
	}
	return nil
}

// rows writes a row for each step of each series.
func (f *forecastCommand) rows(fc *dataset.Forecast) (out []byte) {
	jsonl := f.format == "jsonl" || f.format == "" && endsIn(f.out, "jsonl", "ndjson")
	names := []string{"step"}
	group, timed := fc.GroupColumn(), fc.TimeColumn()
	uneven := 0
	for i := range fc.Len() {
		if timed != "" && fc.Times(i) == nil {
			uneven++
		}
	}
	if uneven == fc.Len() { // the column stays, empty: what reads the output counts on it
		f.app.note("rows do not follow one another evenly by %s: the steps are given by their number alone", timed)
	} else if uneven > 0 {
		f.app.note("the rows of %s do not follow one another evenly by %s: their steps are given by their number alone", plural(uneven, "group"), timed)
	}
	if group != "" {
		names = append([]string{group}, names...)
	}
	if timed != "" {
		names = append(names, timed)
	}
	names = append(names, fc.Columns()...)
	if !jsonl {
		for i, name := range names {
			out = appendCSV(append(out, strings.Repeat(",", min(i, 1))...), name)
		}
		out = append(out, '\n')
	}
	for i := range fc.Len() {
		times := fc.Times(i)
		for step := range f.steps {
			var words []string
			if group != "" {
				words = append(words, fc.Group(i))
			}
			words = append(words, fmt.Sprint(step+1))
			switch {
			case timed != "" && times == nil:
				words = append(words, "")
			case timed != "":
				words = append(words, times[step])
			}
			for k := range fc.Columns() {
				words = append(words, string(appendNumber(nil, fc.Values(i, k)[step])))
			}
			out = appendWords(out, names, words, jsonl)
		}
	}
	return out
}

// appendWords writes one row.
func appendWords(out []byte, names, words []string, jsonl bool) []byte {
	if !jsonl {
		for i, w := range words {
			out = appendCSV(append(out, strings.Repeat(",", min(i, 1))...), w)
		}
		return append(out, '\n')
	}
	out = append(out, '{')
	for i, w := range words {
		out = append(quoteJSON(append(out, strings.Repeat(",", min(i, 1))...), names[i]), ':')
		out = appendValue(out, w)
	}
	return append(out, "}\n"...)
}
