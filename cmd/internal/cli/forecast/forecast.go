// Package forecast is "dnn forecast".
package forecast

import (
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/parallel"
	"dnn/pkg/dataset/forecast"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

type options struct {
	term   *term.Terminal
	input  input.Flags
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

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	f := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "forecast MODEL [--steps N]",
		Short: "Forecast a series beyond the end of its data",
		Long: `Forecast a series beyond the end of its data, with a model whose target is a series.

MODEL is a model file, or the folder of a run, whose best weights are used. The forecast follows the last row of the
spec's own data, which may have grown since training, or of the file that --data names (-: standard input): rows with the
columns of the training data, as CSV, TSV or JSON Lines. A model that predicts H steps at once predicts the next H from
the last rows; its predictions are then the history of the next H, and so on to step N. Errors grow with the distance.

Columns that the net reads from the future (known: true, and inputs that are not series), and columns of its windows that
it does not predict itself, must be given for these steps: in rows after the last, with an empty target.

Series that lack rows are left out with a warning; if all of them do, that is an error.

The output has one row per step: the group column if there are several series, the step from 1, the timestamp as the data
writes it if rows are evenly spaced (nine of ten are), else empty, and each target in its own unit. --out writes a file,
CSV or JSON Lines by its name; without it the rows go to standard output.

--plot draws the end of the history, predictions of the test split (without --data, if that is the training data) and the
forecast, as PNG and SVG. The test split is predicted as many steps at a time as the model predicts at once, each time
from the true values before. Of several series, the first is drawn, or the one that --group names: then only that one is
forecast.`,
		Example: `  dnn forecast runs/airline/0001 --steps 24
  dnn forecast runs/airline/0001 --steps 24 --out forecast.csv --plot forecast.png
  dnn forecast runs/shops/0001 --group Bonn --plot bonn.png
  dnn forecast best.safetensors --data history.csv --steps 12 --format jsonl`,
		Args: flags.Arguments(1, 1, "one MODEL: a model file or the folder of a run"),
	}
	cmd.RunE = flags.Run(terminal, func(args []string) error {
		f.given = cmd.Flags().Changed("steps")
		return f.run(args[0])
	})
	f.input.Add(cmd)
	set := cmd.Flags()
	set.IntVar(&f.steps, "steps", 0, "number of steps to predict (default: the horizon of the model)")
	set.StringVar(&f.data, "data", "", "history to continue, instead of the spec's own data (-: standard input)")
	set.StringVarP(&f.out, "out", "o", "", "write to this file instead of standard output")
	set.StringVar(&f.format, "format", "", "format of the output: csv or jsonl (default: from the name of --out, else csv)")
	set.StringVar(&f.plot, "plot", "", "draw history and forecast as this PNG file, and an SVG next to it")
	set.StringVar(&f.group, "group", "", "forecast only this one of several series, by its name in the group column")
	cmd.MarkFlagFilename("plot", "png")
	flags.Complete(cmd, "format", output.Formats)
	return cmd
}

func (f *options) run(arg string) error {
	switch {
	case f.given && (f.steps < 1 || f.steps > maxAhead):
		return exit.Usagef("--steps: %d is out of range: must be in [1,%d]", f.steps, maxAhead)
	case f.format != "" && !slices.Contains(output.Formats, f.format):
		return exit.Usagef("--format: expected csv or jsonl, got %q%s", f.format, spec.DidYouMean(f.format, output.Formats))
	case f.plot != "" && !input.HasExt(f.plot, "png"):
		return exit.Usagef("--plot %s: the plot is a PNG file; its name must end in .png", f.plot)
	case f.plot != "" && !input.IsFolder(filepath.Dir(f.plot)):
		return exit.Usagef("--plot %s: there is no folder %s", f.plot, filepath.Dir(f.plot))
	case f.data == "" && (f.input.Given()):
		return exit.Usagef("--input-format and --delimiter are for the file that --data names")
	}
	file, err := models.Load(arg)
	if err != nil {
		return err
	}
	if !f.given {
		f.steps = max(1, file.Net.Heads[0].Horizon)
	}
	if err := f.checkOut(arg); err != nil {
		return err
	}
	fc, err := f.begin(file)
	if err != nil {
		return err
	}
	if f.group != "" {
		if err := fc.Only(f.group); err != nil {
			return exit.Usagef("--group: %v", err)
		}
	}
	if h := file.Net.Heads[0].Horizon; f.steps > h && len(file.Net.Tuning.Intervals(0))+len(model.Levels(file.Net)) > 0 {
		f.term.Note("intervals are for the first %s: the model predicts no further at once", output.Plural(h, "step"))
	}
	f.tellLeftOut(fc.LeftOut())
	if names := fc.UnseenGroups(); len(names) > 0 {
		f.term.Warn("%s not seen in training: %s", output.Plural(len(names), "group"), output.List(names, 10))
	}
	pool := parallel.New(f.term.Threads)
	defer pool.Close()
	around := newBounds(file.Net)
	if err := predictOn(fc, file, pool, around); err != nil {
		return err
	}
	to, err := output.Open(f.out, f.term.Out)
	if err != nil {
		return err
	}
	defer to.Abandon()
	if _, err := to.Write(f.rows(fc, around)); err != nil {
		return err
	}
	if err := to.Commit(); err != nil || f.plot == "" {
		return err
	}
	return f.draw(file, fc, pool, around)
}

// checkOut refuses an output in the place of the history or of the model.
func (f *options) checkOut(modelArg string) error {
	var info os.FileInfo
	if f.data != "" && f.data != "-" {
		i, err := os.Stat(f.data)
		if err != nil {
			return exit.Bad(err)
		}
		if i.Mode().IsRegular() {
			info = i
		}
	}
	return models.CheckOut("--out", f.out, info, modelArg)
}

// begin finds the end of the data.
func (f *options) begin(file *model.File) (*forecast.Forecast, error) {
	n := file.Net
	if f.data == "" {
		input.TellData(f.term, n)
		fc, err := forecast.Own(&n.Config.Dataset, n.Schema, n.Dir, n.Config.Seed, f.steps)
		var mistakes *spec.Error
		if errors.As(err, &mistakes) {
			text := file.Path + ": the training data of this model cannot be read (--data FILE names another history):"
			for _, m := range mistakes.Mistakes {
				text += fmt.Sprintf("\n%s: %s", m.Path, m.Message)
			}
			return nil, exit.Usagef("%s", text)
		}
		if err != nil {
			return nil, exit.Bad(err)
		}
		return fc, nil
	}
	in, err := f.input.Open(f.term, f.data)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	fc, err := forecast.Open(n.Schema, in, in.Name, stream.Options{Format: in.Format, Delimiter: f.input.Character()}, f.steps)
	if err != nil {
		return nil, exit.Bad(err)
	}
	return fc, nil
}

// tellLeftOut warns of series that have no forecast, the first few one by one.
func (f *options) tellLeftOut(why []error) {
	const most = 3
	for _, err := range why[:min(most, len(why))] {
		f.term.Warn("no forecast: %v", err)
	}
	if rest := len(why) - most; rest > 0 {
		f.term.Warn("no forecast of %s more, for the same reasons", output.Plural(rest, "group"))
	}
}

// predictOn predicts horizon after horizon. The levels of the first are kept in around: those that follow build on predictions.
func predictOn(fc *forecast.Forecast, file *model.File, pool *parallel.Pool, around *bounds) error {
	n := file.Net
	runner := infer.NewRunner(n, file.State, pool, false)
	levels := infer.NewLevels(runner, n, file.State, pool)
	var own []float64
	for first := true; !fc.Done(); fc.Next() {
		for from := 0; from < fc.Len(); {
			rows, err := fc.Fill(runner.Batch(), from, n.ScoreRows())
			if err != nil {
				return exit.Bad(err)
			}
			outs, err := runner.Run()
			if err != nil {
				return err
			}
			own = infer.Denormalize(&n.Heads[0], own, outs[0].Prediction)
			if slices.ContainsFunc(own, func(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }) {
				return fmt.Errorf("the prediction is not a number")
			}
			if first {
				values, err := levels.Run()
				if err != nil {
					return err
				}
				around.take(values)
			}
			fc.Take(from, own)
			from += rows
		}
		first = false
	}
	return nil
}

// rows writes a row for each step of each series.
func (f *options) rows(fc *forecast.Forecast, of *bounds) (out []byte) {
	jsonl := f.format == "jsonl" || f.format == "" && input.HasExt(f.out, "jsonl", "ndjson")
	names := []string{"step"}
	group, timed := fc.GroupColumn(), fc.TimeColumn()
	uneven := 0
	for i := range fc.Len() {
		if timed != "" && fc.Times(i) == nil {
			uneven++
		}
	}
	if uneven == fc.Len() { // the column stays, empty: what reads the output counts on it
		f.term.Note("rows are not evenly spaced by %s: steps are identified by number only", timed)
	} else if uneven > 0 {
		f.term.Note("the rows of %s are not evenly spaced by %s: their steps are identified by number only", output.Plural(uneven, "group"), timed)
	}
	if group != "" {
		names = append([]string{group}, names...)
	}
	if timed != "" {
		names = append(names, timed)
	}
	for _, column := range fc.Columns() {
		names = append(append(names, column), of.names(column)...)
	}
	if !jsonl {
		for i, name := range names {
			out = output.AppendCSV(append(out, strings.Repeat(",", min(i, 1))...), name)
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
				x := fc.Values(i, k)[step]
				words = append(append(words, string(output.AppendNumber(nil, x))), of.words(i, k, step, x)...)
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
			out = output.AppendCSV(append(out, strings.Repeat(",", min(i, 1))...), w)
		}
		return append(out, '\n')
	}
	out = append(out, '{')
	for i, w := range words {
		out = append(output.QuoteJSON(append(out, strings.Repeat(",", min(i, 1))...), names[i]), ':')
		out = output.AppendJSON(out, w)
	}
	return append(out, "}\n"...)
}
