package cli

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"dnn/internal/parallel"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// Ways to explain an answer.
const (
	byMaps      = "gradcam"
	byGradients = "integrated_gradients"
)

var (
	explainMethods   = []string{byMaps, byGradients}
	explainBaselines = []string{"mean", "black", "white"}
)

type explainCommand struct {
	app    *app
	input  inputFlags
	row    int
	line   int
	id     string
	class  string
	method string
	base   string
	step   int
	steps  int
	out    string
	csv    string
	json   bool
}

func (a *app) explain() *cobra.Command {
	e := &explainCommand{app: a}
	cmd := &cobra.Command{
		Use:   "explain MODEL FILE|-|PICTURE",
		Short: "Tell what in a row, a text, a series or a picture speaks for an answer",
		Long: `Tell what in a row, a text, a series or a picture speaks for a model's answer.

MODEL is a model file, or the folder of a run, whose best weights are taken. The answer is the one that the model gives, or
the class, label or target that --class names.

A PICTURE gets a heat map, drawn over it as the model sees it: a PNG or SVG file (--out). Two methods draw one:

  gradcam               which places the last layer that keeps the picture's axes looks at (Selvaraju et al. 2017); for
                        nets with such a layer, and taken where there is one
  integrated_gradients  how much each pixel raises (red) or lowers (blue) the answer's score, compared to a baseline
                        (Sundararajan et al. 2017): the mean of the training pictures, or black where pictures are not
                        normalized by it; --baseline takes black or white

Of a row of FILE or of standard input (-), integrated gradients tell for each column how much it raises or lowers the
score, compared to a row of means without words. The score of a class is what the last layer gives for it before it
becomes a probability; numbers are explained in their own unit, those that are learned as logarithms on that scale.

Of a text each token has its share, compared to a text of as many tokens that say nothing (vectors of zeros, around which
those of an embedding lie); of a series each step of each channel, compared to a series that is 0 throughout on the scale of
its normalize (with zscore the mean of the training part; of a window that loses its level, that level). --out draws the
text with its tokens shaded and the series as a curve over shaded steps, red for what raises the score and blue for what
lowers it, of long texts the parts around the strongest tokens; on a terminal with colours the text is shaded too. --csv
writes all shares as a table. A token or step has exactly 0 where the answer does not depend on it at all, as behind a max
pooling that takes other steps.

Where each step of a sequence has an answer (type: tags), --step names the one to explain; without it all of them are, one
by one, for up to 64 steps.

Integrated gradients add up to the score's rise from the baseline; how far they are apart is told. Without --steps the
integral is made finer until that is within 1 percent.`,
		Example: `  dnn explain runs/digits/0001 three.png
  dnn explain runs/digits/0001 three.png --class 8 --out eight.png
  dnn explain runs/mnist/0001 three.png --method integrated_gradients
  dnn explain runs/penguins/0001 new.csv --row 3
  dnn explain runs/sms-spam/0001 messages.csv --row 3 --out spam.png
  dnn explain runs/sms-spam/0001 messages.csv --line 265
  dnn explain runs/tagging/0001 words.csv --step 5
  dnn explain runs/patients/0001 visits.csv --id P-1034
  dnn explain runs/penguins/0001 new.csv --json`,
		Args: arguments(2, 2, "a MODEL, and one FILE with rows or one PICTURE at a time"),
		RunE: a.run(func(args []string) error { return e.run(args[0], args[1]) }),
	}
	e.input.add(cmd)
	f := cmd.Flags()
	f.IntVar(&e.row, "row", 1, "the row of FILE to explain, from 1")
	f.StringVar(&e.id, "id", "", "the id of the sequence in FILE to explain, instead of --row, where all rows of an id are one (sequence_id)")
	f.IntVar(&e.line, "line", 0, "the line of FILE, from 1, that the row to explain begins in, as mistakes.csv names rows; instead of --row")
	cmd.MarkFlagsMutuallyExclusive("row", "line", "id")
	f.StringVar(&e.class, "class", "", "the class, label or target to explain (default: the model's answer)")
	f.StringVar(&e.method, "method", "", "gradcam or integrated_gradients (default: gradcam for pictures where the net has maps)")
	f.StringVar(&e.base, "baseline", "mean", "what integrated gradients compare a picture to: mean, black or white")
	f.IntVar(&e.step, "step", 0, "the step whose answer is explained, from 1, where each has one (default: all)")
	f.IntVar(&e.steps, "steps", 0, "steps of the integral (default: 64, and more until the sum agrees within 1 percent)")
	f.StringVarP(&e.out, "out", "o", "", "the picture to draw, .png or .svg (default: of a PICTURE its name with .heat.png, in this folder, else none); a file that is no such picture is never replaced")
	f.StringVar(&e.csv, "csv", "", "write the shares of columns, tokens and steps to this file")
	cmd.MarkFlagFilename("csv", "csv")
	f.BoolVar(&e.json, "json", false, "print one JSON object")
	cmd.RegisterFlagCompletionFunc("baseline", cobra.FixedCompletions(explainBaselines, cobra.ShellCompDirectiveNoFileComp))
	cmd.RegisterFlagCompletionFunc("method", cobra.FixedCompletions(explainMethods, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

func (e *explainCommand) run(arg, name string) error {
	switch {
	case e.method != "" && !slices.Contains(explainMethods, e.method):
		return usagef("--method: want gradcam or integrated_gradients, got %q%s", e.method, spec.DidYouMean(e.method, explainMethods))
	case !slices.Contains(explainBaselines, e.base):
		return usagef("--baseline: want mean, black or white, got %q%s", e.base, spec.DidYouMean(e.base, explainBaselines))
	case e.row < 1:
		return usagef("--row: %d is out of range: want 1 or more", e.row)
	case e.line < 0:
		return usagef("--line: %d is out of range: want 1 or more", e.line)
	case e.steps < 0 || e.steps > maxSteps:
		return usagef("--steps: %d is out of range: want 1 to %d", e.steps, maxSteps)
	case e.step < 0:
		return usagef("--step: %d is out of range: want 1 or more", e.step)
	}
	file, err := loadModel(arg)
	if err != nil {
		return err
	}
	if e.step > 0 && !file.Net.Target.Steps {
		return usagef("--step is for models with an answer for each step of a sequence; this one has one a row")
	}
	if isFolder(name) && file.Net.Schema.PictureInput() == nil {
		return usagef("%s is a folder; dnn explain takes one file at a time", name)
	}
	pictured, err := arePictures([]string{name}, file.Net.Schema)
	if err != nil {
		return err
	}
	pool := parallel.New(e.app.settings.Threads)
	defer pool.Close()
	x := &explained{net: file.Net, explainer: model.NewExplainer(file.Net, file.State, pool), file: name, pictured: pictured, task: file.Net.Task()}
	runner := model.NewRunner(file.Net, file.State, pool, false)
	x.x = runner.Batch()
	if pictured {
		err = e.readPicture(x)
	} else {
		err = e.readRow(x)
	}
	if err != nil {
		return err
	}
	out, _, _, err := runner.Run()
	if err != nil {
		return err
	}
	x.own = file.Net.Own(nil, out)
	if file.Net.Schema.PictureInput() != nil {
		if e.csv != "" {
			return usagef("--csv is for rows; a picture gets a heat map")
		}
		if err := e.choose(x); err != nil {
			return err
		}
		return e.picture(x, arg)
	}
	switch {
	case e.method == byMaps:
		return usagef("--method gradcam is for models whose only input is a picture; rows are explained by integrated_gradients")
	case e.base != "mean":
		return usagef("--baseline %s is for models whose only input is a picture", e.base)
	case e.out != "" && !x.sequences():
		return usagef("--out is for models whose only input is a picture, and for texts and series; a row of columns gets a table")
	}
	if err := e.checkFiles(x, arg); err != nil {
		return err
	}
	if file.Net.Target.Steps {
		from, to := runner.Answers(0)
		return e.answers(x, from, to)
	}
	if err := e.choose(x); err != nil {
		return err
	}
	return e.table(x)
}

// choose settles which answer is explained.
func (e *explainCommand) choose(x *explained) error {
	answers := x.net.Answers()
	x.at = x.predicted()
	if e.class != "" {
		var names []string
		for _, a := range answers {
			names = append(names, a.Name)
		}
		if x.at = slices.Index(names, e.class); x.at < 0 {
			hint := spec.DidYouMean(e.class, names)
			if one := onlyPrefix(e.class, names); one != "" {
				hint = fmt.Sprintf(" (did you mean %s?)", one)
			}
			if hint == "" {
				hint = "; there are " + listShort(names, 20)
			}
			return usagef("--class: the model knows no %q%s", e.class, hint)
		}
	}
	if x.at < 0 {
		return errors.New("the net's answer is not a number")
	}
	x.answer = answers[x.at]
	return nil
}

// onlyPrefix is the one name that begins with word, "" when there is none or several.
func onlyPrefix(word string, names []string) (one string) {
	for _, name := range names {
		if strings.HasPrefix(strings.ToLower(name), strings.ToLower(word)) {
			if one != "" {
				return ""
			}
			one = name
		}
	}
	return one
}

const (
	firstSteps = 64
	mostSteps  = 1024 // when they are not given
	maxSteps   = 1_000_000
	goodApart  = 0.01 // the difference that is good enough
	badApart   = 0.05 // the difference that is told as a warning
)

// attribute shares the answer out among the numbers of the row.
func (e *explainCommand) attribute(x *explained) (*model.Attribution, error) {
	baseline := x.net.Schema.NewBatch(1)
	x.net.Schema.Baseline(baseline, 0)
	baseline.Rows = 1
	switch e.base {
	case "black":
		x.net.Schema.PlainPictures(baseline, 0, 0)
	case "white":
		x.net.Schema.PlainPictures(baseline, 0, 255)
	}
	steps := e.steps
	if steps == 0 {
		steps = firstSteps
	}
	for {
		got, err := x.explainer.IntegratedGradients(x.x, baseline, x.answer, steps)
		if errors.Is(err, model.ErrTooLong) {
			return nil, bad(fmt.Errorf("%s: %w", x.place(), err))
		}
		if err != nil {
			return nil, err
		}
		if e.steps > 0 || got.Apart() <= goodApart || steps >= mostSteps {
			if got.Apart() > badApart {
				fmt.Fprintf(e.app.err, "warning: the attributions add up to %s and should to %s; more --steps bring them nearer\n", figure(got.Sum()), figure(got.Score-got.Baseline))
			}
			return got, nil
		}
		steps *= 2
	}
}

// heatFile is where a heat map goes.
func (e *explainCommand) heatFile(x *explained) string {
	if e.out != "" {
		return e.out
	}
	name := filepath.Base(x.file)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	switch {
	case x.file == stdin:
		name = "row"
		fallthrough
	case x.row > 0:
		name += fmt.Sprintf("-%d", x.row)
	}
	return name + ".heat.png"
}
