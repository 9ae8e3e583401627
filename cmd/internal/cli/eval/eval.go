// Package eval is "dnn eval".
package eval

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/flags"
	"dnn/cmd/internal/cli/input"
	"dnn/cmd/internal/cli/models"
	"dnn/cmd/internal/cli/output"
	"dnn/cmd/internal/cli/scores"
	"dnn/cmd/internal/cli/term"
	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/corpus"
	"dnn/pkg/dataset/stream"
	"dnn/pkg/infer"
	"dnn/pkg/model"
)

type options struct {
	term  *term.Terminal
	input input.Flags
	data  string
	split string
	json  bool
}

// NewCmd makes the command.
func NewCmd(terminal *term.Terminal) *cobra.Command {
	e := &options{term: terminal}
	cmd := &cobra.Command{
		Use:   "eval MODEL [FILE]",
		Short: "Score a model",
		Long: `Score a model on a split of its own data, or on another file.

MODEL is a model file, or the folder of a run, whose best weights are used, or a folder of runs, for the newest. Without FILE,
the test split of the spec is
scored, or the validation split if there is no test split. The training data must then lie where it lay, relative to the
model file, and be unchanged: otherwise the splits would differ, and rows of the training would be scored.

FILE, or --data FILE, needs nothing but that file, or standard input (-): the model holds the statistics of its training data. Rows are
CSV, TSV or JSON Lines, optionally compressed with gzip or zstd, with columns in any order. For a model of images it may be a folder with one
folder of images per class; likewise for a model trained on one file per sequence. For a language model it is a text, or a
folder of texts; each token but the first is predicted once, in windows as long as those of the training.

Below the figures of the model are those of a prediction that needs none: the most frequent class, or the mean, of the
training data; for a forecast the last value, and the value one season before. --json has them as "baselines".

Scores are computed over all rows, numbers in the target's own unit. --json prints one object whose key is the name of
the split ("data" for a file): {"test": {"rows": 69, "loss": 0.03, "accuracy": 0.99}}. For classes it has per_class (rows,
predicted, precision, recall and f1 of each) and confusion_matrix, too.`,
		Example: `  dnn eval runs/penguins/0001
  dnn eval best.safetensors --split validation --json
  dnn eval runs/penguins new.csv
  zcat rows.csv.gz | dnn eval best.safetensors - --delimiter ';'`,
		Args: flags.Arguments(1, 2, "a MODEL, a model file or the folder of a run, and at most one FILE"),
		RunE: flags.Run(terminal, func(args []string) error {
			if len(args) > 1 {
				if e.data != "" || e.split != "" {
					return exit.Usagef("%s cannot be used with --data or --split: each says what to score", args[1])
				}
				e.data = args[1]
			}
			return e.run(args[0])
		}),
	}
	e.input.Add(cmd)
	flags.AddDevice(cmd)
	f := cmd.Flags()
	f.StringVar(&e.data, "data", "", "score this file instead (-: standard input): rows with the columns of the training data, including the target; or a folder with one folder of images or sequences per class")
	flags.AddSplit(cmd, &e.split, "", "split of the spec's data to score: train, validation or test (default test, else validation)")
	f.BoolVar(&e.json, "json", false, "print the scores as one JSON object")
	flags.Exclusive(cmd, "data", "split")
	flags.Exclusive(cmd, "data", "part")
	return cmd
}

func (e *options) run(arg string) error {
	file, err := models.Load(arg)
	if err != nil {
		return err
	}
	if err := flags.Use(e.term, file.State); err != nil {
		return err
	}
	pool := parallel.New(e.term.Threads)
	defer pool.Close()
	runner := infer.NewRunner(file.Net, file.State, pool, true)
	name, got := "data", (*infer.Scores)(nil)
	if e.data == "" && (e.input.Given()) {
		return exit.Usagef("--input-format and --delimiter are for a FILE")
	}
	switch {
	case e.data != "" && dataset.ContinuesText(file.Net.Schema):
		got, err = e.scoreText(runner, file.Net.Schema)
	case e.data != "":
		got, err = e.scoreFile(runner, file.Net)
	default:
		name, got, err = e.scoreSplit(runner, file)
	}
	if err != nil {
		return err
	}
	if e.json {
		return e.term.WriteJSON(map[string]infer.Detailed{name: {Scores: got}})
	}
	scores.Table(e.term, []string{name}, []*infer.Scores{got})
	scores.Tuning(e.term, file.Net.Heads, file.Net.Tuning)
	for i := range got.Heads {
		if h := &got.Heads[i]; h.Confusion != nil {
			scores.PerClass(e.term, h)
			scores.Confusion(e.term, h)
		}
	}
	scores.WarnOfBaselines(e.term, name, got)
	return nil
}

// scoreSplit scores a split of the data that the model's spec names.
func (e *options) scoreSplit(runner *infer.Runner, file *model.File) (string, *infer.Scores, error) {
	input.TellData(e.term, file.Net)
	names := []string{e.split}
	if e.split == "" {
		names = []string{"test", "validation"}
	}
	for _, name := range names {
		if err := flags.CheckSplit(name); err != nil {
			return "", nil, err
		}
		part, err := file.Part(name, flags.TellEarly(e.term))
		if err != nil {
			return "", nil, exit.Bad(err)
		}
		if part != nil && part.Rows() > 0 {
			if name == "validation" && file.Net.Refit != nil {
				e.term.Warn("the model was refitted on the rows of training and validation, so these figures are no estimate for new data")
			}
			input.WarnCut(e.term, part.Cut())
			scores, err := infer.Score(runner, dataset.Covering(part, 0), infer.Scoring{Compare: true})
			return name, scores, err
		}
	}
	if e.split != "" {
		return "", nil, exit.Usagef("the data of this model has no %s split", e.split)
	}
	return "", nil, exit.Usagef("the data of this model has neither a test nor a validation split; name a file with --data, or use --split train")
}

// open opens the file, or the folder of images or sequences, that --data names. failed, if not nil, hears of sequences that
// are left out.
func (e *options) open(s *dataset.Schema, failed func(name string, err error)) (*input.Input, *stream.Stream, error) {
	if info, err := os.Stat(e.data); err == nil && info.IsDir() {
		st, err := stream.OpenFolder(s, e.data, stream.Options{WithTarget: true, Failed: failed})
		if err != nil {
			return nil, nil, exit.Bad(err)
		}
		return &input.Input{Name: e.data, Close: st.Close}, st, nil
	}
	in, err := e.input.Open(e.term, e.data)
	if err != nil {
		return nil, nil, err
	}
	st, err := e.input.Stream(in, s, true)
	if err != nil {
		in.Close()
	}
	return in, st, err
}

// scoreText scores the texts that --data names.
func (e *options) scoreText(runner *infer.Runner, s *dataset.Schema) (*infer.Scores, error) {
	if e.input.Given() {
		return nil, exit.Usagef("--input-format and --delimiter are for rows, and the model continues texts")
	}
	name, documents, err := e.data, []corpus.Document(nil), error(nil)
	if name == "-" {
		name = input.Stdin
		documents = []corpus.Document{{Name: name}}
		documents[0].Data, err = io.ReadAll(e.term.In)
	} else {
		documents, err = corpus.Find(name)
	}
	if err != nil {
		return nil, exit.Bad(fmt.Errorf("%s: %w", name, err))
	}
	part, unknown, err := dataset.TextPart(s, name, documents)
	if err != nil {
		return nil, exit.Bad(err)
	}
	if unknown > 0 {
		e.term.Note("%s of %s not in the model's vocabulary (<unknown>)", output.Plural(unknown, "token"), name)
	}
	return infer.Score(runner, part, infer.Scoring{})
}

// maxFiles is how many bad files of a folder are told one by one.
const maxFiles = 3

// scoreFile scores another file. One that cannot be read is a mistake in the data; those without a
// target are left out, as in training.
func (e *options) scoreFile(runner *infer.Runner, n *model.Network) (*infer.Scores, error) {
	var wrong *input.Bad
	skipped := 0 // of those that are wrong
	inside := func(name string) string { return path.Join(filepath.ToSlash(e.data), name) }
	var failed func(name string, err error)
	if n.Config.Dataset.SkipsFiles() {
		failed = func(name string, err error) {
			skipped++
			wrong.Add(func() string { return inside(name) }, err)
		}
	}
	in, st, err := e.open(n.Schema, failed)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	scorer := infer.NewScorer(runner)
	wrong = input.NewBad(e.term, in)
	place := func(i int) string { return wrong.Line(st.Lines()[i]) }
	folder := in.Reader == nil
	if folder {
		wrong.Noun, wrong.Most = output.Choose(stream.OfSequenceFiles(n.Schema), "file", "image"), maxFiles
		place = func(i int) string { return inside(st.Records()[i][0]) }
	}
	skips := n.Config.Dataset.SkipsImages()
	for {
		rows, err := st.Next(runner.Batch(), n.ScoreRows())
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, exit.Bad(fmt.Errorf("%s: %w", in.Name, err))
		}
		for i := range rows {
			err := st.Errors()[i]
			wrong.Add(func() string { return place(i) }, err)
			if skips && stream.Unread(err) {
				skipped++
			}
		}
		if skips {
			st.Drop(runner.Batch())
		}
		if wrong.Count > skipped || runner.Batch().Rows == 0 {
			continue
		}
		if err := scorer.Add(); err != nil {
			return nil, err
		}
		scorer.Compare(st.Naive)
	}
	input.Warn(e.term, st)
	input.WarnOfTokens(e.term, st)
	if n := st.LeftOut(); n > 0 {
		e.term.Note("%s left out: the file lacks rows of their windows or targets", output.Plural(n, "row"))
	}
	untargeted, first := st.WithoutTarget()
	if untargeted > 0 {
		e.term.Warn("%s of %s without a target left out, the first in line %d", output.Plural(untargeted, "row"), in.Name, first)
	}
	scores := scorer.Result()
	switch {
	case skipped > 0 && skipped == wrong.Count && scores.Rows > 0:
		e.term.Warn("%s of %s left out (on_error: skip in the model's spec)", output.Plural(wrong.Count, wrong.Noun), in.Name)
	case wrong.Count > 0:
		return nil, exit.Usagef("%s of %s cannot be scored; no scores were computed", output.Plural(wrong.Count, wrong.Noun), in.Name)
	case scores.Rows == 0 && untargeted > 0:
		return nil, exit.Usagef("%s has no rows with a target", in.Name)
	case scores.Rows == 0:
		return nil, exit.Usagef("%s has no rows", in.Name)
	}
	return scores, nil
}
