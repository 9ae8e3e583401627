// Package explain is "dnn explain".
package explain

import (
	"errors"
	"fmt"
	"math"
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
	"dnn/pkg/dataset"
	"dnn/pkg/explain"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// Ways to explain an answer.
const (
	byMaps      = "gradcam"
	byGradients = "integrated_gradients"
	byAttention = "attention"
)

var (
	explainMethods   = []string{byMaps, byGradients}
	explainBaselines = []string{"mean", "black", "white"}
)

type options struct {
	term  *term.Terminal
	input input.Flags
	rowFlags
	attentionFlags
	target string
	class  string
	method string
	base   string
	step   int
	steps  int
	out    string
	csv    string
	json   bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	e := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "explain MODEL [FILE|-|IMAGE]",
		Short: "Explain a prediction",
		Long: `Explain a prediction: how much each column, token, step or pixel contributes to it.

MODEL is a model file, or the folder of a run, whose best weights are used. Explained is the model's own prediction, or
the class, label or target that --class names.

An IMAGE gets a heat map, drawn over the image as the model sees it: a PNG or SVG file (--out). Two methods draw one:

  gradcam               where the last layer that keeps the axes of the image looks (Selvaraju et al. 2017); the default
                        for nets with such a layer
  integrated_gradients  how much each pixel raises (red) or lowers (blue) the score, compared with a baseline
                        (Sundararajan et al. 2017): the mean of the training images, or black if images are not
                        normalized by it; --baseline chooses black or white

For a row of FILE or standard input (-), integrated gradients show how much each column raises or lowers the score,
compared with a row of means without words. The score of a class is the output of the last layer before it becomes a
probability; numbers are explained in their own unit, those learned as logarithms on that scale.

For a text, each token has its contribution, compared with a text of as many zero vectors (around which those of an
embedding lie); for a series, each step of each channel, compared with a series that is 0 throughout on its normalized
scale (with zscore the mean of the training split; for a window with an offset, that offset). --out draws the text with
shaded tokens and the series as a curve over shaded steps, red for what raises the score and blue for what lowers it; of
long texts, the parts around the strongest tokens. On a color terminal the text is shaded too. --csv writes all
contributions as a table. A token or step that the prediction does not depend on has exactly 0, as behind a max pooling
that selects other steps.

For models with several targets of different kinds, --target chooses the target.

For models that predict each step of a sequence (type: tags), --step chooses the step; without it all are explained, one
by one, up to 64 steps.

For models that write a text, the default is attention: which words of the input each written word looked at, drawn with
the heads side by side (--out). Looked at is the text that the model writes, or with --reference the one that FILE has, as
in training. --layer chooses the attention: the name of a layer, or of a part of it such as decoded.0.self_attention; by
default it is the last that looks from the text at the input. --attention draws it for models that predict classes or
numbers: which steps of a sequence looked at which, by default in the last layer that attends.

Integrated gradients add up to the difference in score from the baseline; the convergence delta is shown. Without
--steps, steps are added until it is within 1 percent.`,
		Example: `  dnn explain runs/digits/0001 three.png
  dnn explain runs/digits/0001 three.png --class 8 --out eight.png
  dnn explain runs/mnist/0001 three.png --method integrated_gradients
  dnn explain runs/penguins/0001 new.csv --row 3
  dnn explain runs/sms-spam/0001 messages.csv --row 3 --out spam.png
  dnn explain runs/sms-spam/0001 messages.csv --line 265
  dnn explain runs/tagging/0001 words.csv --step 5
  dnn explain runs/sms-spam/0001 --text "Call now to claim your prize"
  dnn explain runs/translate/0001 --text "ein kleines Haus" --out attention.svg
  dnn explain runs/translate/0001 verses.tsv --row 3 --reference --layer decoded.0.cross_attention
  dnn explain runs/patients/0001 visits.csv --id P-1034
  dnn explain runs/two_heads/0001 new.csv --target body_mass_g
  dnn explain runs/penguins/0001 new.csv --json`,
		Args: flags.Arguments(1, 2, "a MODEL, and one FILE with rows or one IMAGE"),
		RunE: flags.Run(terminal, func(args []string) error { return e.run(args[0], args[1:]) }),
	}
	e.input.Add(cmd)
	f := cmd.Flags()
	e.rowFlags.add(cmd)
	f.StringVar(&e.target, "target", "", "target to explain, for models with several (default: the first)")
	f.StringVar(&e.class, "class", "", "class, label or target to explain (default: the prediction)")
	f.StringVar(&e.method, "method", "", "gradcam or integrated_gradients (default: gradcam for images if the net has maps)")
	f.StringVar(&e.base, "baseline", "mean", "baseline image of integrated gradients: mean, black or white")
	f.IntVar(&e.step, "step", 0, "step to explain, from 1, for models that predict each step (default: all)")
	f.IntVar(&e.steps, "steps", 0, "steps of the integral (default: 64, and more until the convergence delta is within 1 percent)")
	f.StringVarP(&e.out, "out", "o", "", "image to draw, .png or .svg (default: for an IMAGE its name with .heat.png, in this folder; else none); only such an image is ever replaced")
	f.StringVar(&e.csv, "csv", "", "write the contributions of columns, tokens and steps to this file")
	cmd.MarkFlagFilename("csv", "csv")
	f.BoolVar(&e.json, "json", false, "print one JSON object")
	e.attentionFlags.add(cmd)
	flags.Complete(cmd, "baseline", explainBaselines)
	flags.Complete(cmd, "method", explainMethods)
	return cmd
}

func (e *options) run(arg string, names []string) error {
	switch {
	case len(names) == 0 && e.text == "":
		return exit.Usagef("dnn explain expects a MODEL, and one FILE with rows, one IMAGE or --text")
	case len(names) == 1 && e.text != "":
		return exit.Usagef("--text takes the place of %s; use one of both", names[0])
	case e.method != "" && !slices.Contains(explainMethods, e.method):
		return exit.Usagef("--method: expected gradcam or integrated_gradients, got %q%s", e.method, spec.DidYouMean(e.method, explainMethods))
	case !slices.Contains(explainBaselines, e.base):
		return exit.Usagef("--baseline: expected mean, black or white, got %q%s", e.base, spec.DidYouMean(e.base, explainBaselines))
	case e.row < 1:
		return exit.Usagef("--row: %d is out of range: must be 1 or more", e.row)
	case e.line < 0:
		return exit.Usagef("--line: %d is out of range: must be 1 or more", e.line)
	case e.steps < 0 || e.steps > maxSteps:
		return exit.Usagef("--steps: %d is out of range: must be 1 to %d", e.steps, maxSteps)
	case e.step < 0:
		return exit.Usagef("--step: %d is out of range: must be 1 or more", e.step)
	}
	file, err := models.Load(arg)
	if err != nil {
		return err
	}
	if dataset.ContinuesText(file.Net.Schema) {
		return exit.Usagef("%s is a language model: it predicts the next token of a text, and has no rows to explain; 'dnn generate --perplexity' and 'dnn eval --data' tell how well it knows a text", file.Path)
	}
	head, err := e.head(file.Net)
	if err != nil {
		return err
	}
	if e.step > 0 && !file.Net.Heads[head].Sequence() {
		return exit.Usagef("--step is for models that predict each step of a sequence; this one predicts one value per row")
	}
	name := ""
	if e.text == "" {
		name = names[0]
	}
	if input.IsFolder(name) && file.Net.Schema.ImageInput() == nil {
		return exit.Usagef("%s is a folder; dnn explain takes one file", name)
	}
	pictured := false
	if e.text == "" {
		if pictured, err = input.AreImages(names, file.Net.Schema); err != nil {
			return err
		}
	}
	pool := parallel.New(e.term.Threads)
	defer pool.Close()
	x := &explained{net: file.Net, explainer: explain.NewExplainer(file.Net, file.State, pool), file: name, pictured: pictured, head: head, task: file.Net.Heads[head]}
	runner := infer.NewRunner(file.Net, file.State, pool, false)
	x.x = runner.Batch()
	if pictured {
		err = e.readImage(x)
	} else {
		err = e.readRow(x)
	}
	if err != nil {
		return err
	}
	if e.attention || file.Net.Writes(head) {
		a := &attended{explained: x, asked: e}
		return a.explain(arg, file.State, pool)
	}
	if x.task.Aligned() {
		return exit.Usagef("cannot explain %s by its inputs: with loss ctc, the text depends on all steps at once; use --attention to see what attention looked at, or 'dnn predict' for the text", x.task.Name)
	}
	if err := e.attentionFlags.unused(); err != nil {
		return err
	}
	outs, err := runner.Run()
	if err != nil {
		return err
	}
	x.own = infer.Denormalize(&x.task, nil, outs[head].Prediction)
	from, to := runner.Predictions(head, 0)
	if slices.ContainsFunc(x.own[from*x.task.Width:to*x.task.Width], notFinite) {
		return exit.Bad(fmt.Errorf("%s: the prediction for %s is not a number, so there is nothing to explain; its training may have diverged", arg, x.place()))
	}
	if file.Net.Schema.ImageInput() != nil {
		if e.csv != "" {
			return exit.Usagef("--csv is for rows; an image gets a heat map")
		}
		if err := e.choose(x); err != nil {
			return err
		}
		return e.picture(x, arg)
	}
	switch {
	case e.method == byMaps:
		return exit.Usagef("--method gradcam is for models whose only input is an image; use integrated_gradients")
	case e.base != "mean":
		return exit.Usagef("--baseline %s is for models whose only input is an image", e.base)
	case e.out != "" && !x.sequences():
		return exit.Usagef("--out is for models whose only input is an image, and for texts and series; the contributions of columns are printed")
	}
	if err := e.checkFiles(x, arg); err != nil {
		return err
	}
	if x.task.Sequence() {
		return e.answers(x, from, to)
	}
	if err := e.choose(x); err != nil {
		return err
	}
	return e.table(x)
}

func notFinite(x float64) bool { return math.IsNaN(x) || math.IsInf(x, 0) }

// head is the place of the target that --target names among the heads of the net.
func (e *options) head(n *model.Network) (int, error) {
	if e.target == "" {
		return 0, nil
	}
	var names []string
	for _, h := range n.Heads {
		names = append(names, h.Name)
	}
	k := slices.Index(names, e.target)
	if k < 0 {
		hint := spec.DidYouMean(e.target, names)
		if hint == "" {
			hint = "; there are " + output.List(names, 20)
		}
		return 0, exit.Usagef("--target: the model has no target %q%s", e.target, hint)
	}
	return k, nil
}

// choose settles which answer is explained.
func (e *options) choose(x *explained) error {
	predictions := explain.Predictions(x.net, x.head)
	x.at = x.predicted()
	if e.class != "" {
		var names []string
		for _, a := range predictions {
			names = append(names, a.Name)
		}
		if x.at = slices.Index(names, e.class); x.at < 0 {
			hint := spec.DidYouMean(e.class, names)
			if one := onlyPrefix(e.class, names); one != "" {
				hint = fmt.Sprintf(" (did you mean %s?)", one)
			}
			if hint == "" {
				hint = "; there are " + output.List(names, 20)
			}
			return exit.Usagef("--class: the model has no class, label or target %q%s", e.class, hint)
		}
	}
	x.answer = predictions[x.at]
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
	goodDelta  = 0.01 // the difference that is good enough
	badDelta   = 0.05 // the difference from which on there is a warning
)

// attribute shares the answer out among the numbers of the row.
func (e *options) attribute(x *explained) (*explain.Attribution, error) {
	baseline := x.net.Schema.NewBatch(1)
	baseline.Baseline(0)
	baseline.Rows = 1
	switch e.base {
	case "black":
		baseline.ImagesAlone(0, 0)
	case "white":
		baseline.ImagesAlone(0, 255)
	}
	steps := e.steps
	if steps == 0 {
		steps = firstSteps
	}
	for {
		got, err := x.explainer.IntegratedGradients(x.x, baseline, x.answer, steps)
		if errors.Is(err, explain.ErrTooLong) {
			return nil, exit.Bad(fmt.Errorf("%s: %w", x.place(), err))
		}
		if err != nil {
			return nil, err
		}
		if e.steps > 0 || got.ConvergenceDelta() <= goodDelta || steps >= mostSteps {
			if got.ConvergenceDelta() > badDelta {
				e.term.Warn("the attributions add up to %s instead of %s; raise --steps", output.Figure(got.Sum()), output.Figure(got.Score-got.Baseline))
			}
			return got, nil
		}
		steps *= 2
	}
}

// heatFile is where a heat map goes.
func (e *options) heatFile(x *explained) string {
	if e.out != "" {
		return e.out
	}
	name := filepath.Base(x.file)
	name = strings.TrimSuffix(name, filepath.Ext(name))
	switch {
	case x.file == input.Stdin:
		name = "row"
		fallthrough
	case x.row > 0:
		name += fmt.Sprintf("-%d", x.row)
	}
	return name + ".heat.png"
}
