package cli

import (
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"

	"github.com/spf13/cobra"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
)

type evalCommand struct {
	app   *app
	input inputFlags
	data  string
	part  string
	json  bool
}

func (a *app) eval() *cobra.Command {
	e := &evalCommand{app: a}
	cmd := &cobra.Command{
		Use:   "eval MODEL",
		Short: "Score a model on data it was not trained on",
		Long: `Score a model on a part of its own data, or on another file.

MODEL is a model file, or the folder of a run, whose best weights are taken. Without --data the test part of the spec is
scored, or the validation part where there is no test part. For that the data of the training must lie where it lay,
seen from the model file, and be unchanged: else other rows would be drawn, among them some of the training.

With --data nothing but that file is needed, or standard input (-): the model holds the statistics of its training data.
Rows come as CSV, TSV or JSON Lines, also gzipped, their columns in any order. For a model of pictures it may be a folder
that holds a folder of pictures for each class, and so for a model that was trained on a file for each sequence.

Beside a forecast stand the figures of naive ones on the same rows: the last value, and that of one season before.

Scores are computed over all rows, numbers in the target's own unit. --json prints one object with the name of the part
("data" for a file) as its key: {"test": {"rows": 69, "loss": 0.03, "accuracy": 0.99}}.`,
		Example: `  dnn eval runs/penguins/0001
  dnn eval best.safetensors --part validation --json
  dnn eval best.safetensors --data new.csv
  zcat rows.csv.gz | dnn eval best.safetensors --data - --delimiter ';'`,
		Args: arguments(1, 1, "one MODEL: a model file or the folder of a run"),
		RunE: a.run(func(args []string) error { return e.run(args[0]) }),
	}
	e.input.add(cmd)
	f := cmd.Flags()
	f.StringVar(&e.data, "data", "", "score this file instead (-: standard input): rows with the columns of the training data, the target among them; or a folder with a folder of pictures or sequences for each class")
	f.StringVar(&e.part, "part", "", "part of the spec's data to score: train, validation or test (default test, else validation)")
	f.BoolVar(&e.json, "json", false, "print the scores as one JSON object")
	cmd.MarkFlagsMutuallyExclusive("data", "part")
	cmd.RegisterFlagCompletionFunc("part", cobra.FixedCompletions(parts, cobra.ShellCompDirectiveNoFileComp))
	return cmd
}

var parts = []string{"train", "validation", "test"}

func (e *evalCommand) run(arg string) error {
	file, err := loadModel(arg)
	if err != nil {
		return err
	}
	pool := parallel.New(e.app.settings.Threads)
	defer pool.Close()
	runner := model.NewRunner(file.Net, file.State, pool, true)
	name, scores := "data", (*model.Scores)(nil)
	if e.data == "" && (e.input.format != "" || e.input.delimiter != "") {
		return usagef("--input-format and --delimiter are for the file that --data names")
	}
	if e.data != "" {
		scores, err = e.scoreFile(runner, file.Net)
	} else {
		name, scores, err = e.scorePart(runner, file)
	}
	if err != nil {
		return err
	}
	if e.json {
		return e.app.writeJSON(map[string]*model.Scores{name: scores})
	}
	e.app.scoreTable([]string{name}, []*model.Scores{scores})
	if scores.Confusion != nil {
		e.app.perClass(scores)
		e.app.confusion(scores.Confusion)
	}
	return nil
}

// scorePart scores a part of the data that the model's spec names.
func (e *evalCommand) scorePart(runner *model.Runner, file *model.File) (string, *model.Scores, error) {
	names := []string{e.part}
	if e.part == "" {
		names = []string{"test", "validation"}
	}
	for _, name := range names {
		if !isPart(name) {
			return "", nil, usagef("--part: want train, validation or test, got %q", name)
		}
		part, err := file.Part(name, e.app.tellEarly())
		if err != nil {
			return "", nil, bad(err)
		}
		if part != nil && part.Rows() > 0 {
			e.app.tellCut(part.Cut())
			scores, err := model.ComparePart(runner, part, nil)
			return name, scores, err
		}
	}
	if e.part != "" {
		return "", nil, usagef("the data of this model has no %s part", e.part)
	}
	return "", nil, usagef("the data of this model has neither a test nor a validation part; name a file with --data, or --part train")
}

func isPart(name string) bool {
	for _, p := range parts {
		if p == name {
			return true
		}
	}
	return false
}

// open opens the file, or the folder of pictures or sequences, that --data names. failed, if not nil, hears of sequences that
// are left out.
func (e *evalCommand) open(s *dataset.Schema, failed func(name string, err error)) (*input, *dataset.Stream, error) {
	if info, err := os.Stat(e.data); err == nil && info.IsDir() {
		stream, err := s.OpenFolder(e.data, dataset.StreamOptions{WithTarget: true, Failed: failed})
		if err != nil {
			return nil, nil, bad(err)
		}
		return &input{name: e.data, done: stream.Close}, stream, nil
	}
	in, err := e.input.open(e.app, e.data)
	if err != nil {
		return nil, nil, err
	}
	stream, err := e.input.stream(in, s, true)
	if err != nil {
		in.done()
	}
	return in, stream, err
}

// maxFiles is how many bad files of a folder are told one by one.
const maxFiles = 3

// scoreFile scores another file. Every row counts: one that cannot be read or has no target is a mistake in the data.
func (e *evalCommand) scoreFile(runner *model.Runner, n *model.Network) (*model.Scores, error) {
	var wrong *complaints
	skipped := 0 // of those that are wrong
	within := func(name string) string { return path.Join(filepath.ToSlash(e.data), name) }
	var failed func(name string, err error)
	if n.Config.Dataset.SkipsFiles() {
		failed = func(name string, err error) {
			skipped++
			wrong.row(func() string { return within(name) }, err)
		}
	}
	in, stream, err := e.open(n.Schema, failed)
	if err != nil {
		return nil, err
	}
	defer in.done()
	scorer := model.NewScorer(runner)
	wrong = newComplaints(e.app, in)
	place := func(i int) string { return wrong.line(stream.Lines()[i]) }
	folder := in.Reader == nil
	if folder {
		wrong.noun, wrong.most = choose(n.Schema.OfSequenceFiles(), "file", "picture"), maxFiles
		place = func(i int) string { return within(stream.Records()[i][0]) }
	}
	skips := n.Config.Dataset.SkipsPictures()
	for {
		rows, err := stream.Next(runner.Batch(), n.ScoreRows())
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, bad(fmt.Errorf("%s: %w", in.name, err))
		}
		for i := range rows {
			err := stream.Errors()[i]
			wrong.row(func() string { return place(i) }, err)
			if skips && dataset.Unread(err) {
				skipped++
			}
		}
		if skips {
			stream.Drop(runner.Batch())
		}
		if wrong.count > skipped || runner.Batch().Rows == 0 {
			continue
		}
		if err := scorer.Add(); err != nil {
			return nil, err
		}
		scorer.Compare(stream.Naive)
	}
	e.app.tellUnseen(stream)
	if n := stream.LeftOut(); n > 0 {
		e.app.note("%s left out: the rows that their windows and targets are made of do not all lie in the file", plural(n, "row"))
	}
	scores := scorer.Result()
	switch {
	case skipped > 0 && skipped == wrong.count && scores.Rows > 0:
		fmt.Fprintf(e.app.err, "warning: %s of %s left out (on_error: skip in the model's spec)\n", plural(wrong.count, wrong.noun), in.name)
	case wrong.count > 0:
		return nil, usagef("%s of %s cannot be scored; nothing was", plural(wrong.count, wrong.noun), in.name)
	case scores.Rows == 0:
		return nil, usagef("%s holds no rows", in.name)
	}
	return scores, nil
}
