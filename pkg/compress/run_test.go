package compress

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/model"
	"dnn/pkg/spec"
	"dnn/pkg/train"
)

const small = `
name: small
seed: 3
dataset: {format: synthetic, generator: moons, rows: 160, noise: 0.2, split: {validation: 0.25, test: 0.25}}
layers:
  - {type: dense, units: 8, activation: relu}
  - batch_norm
  - {type: dropout, rate: 0.2}
  - {type: dense, units: classes}
metrics: [accuracy]
train: {epochs: 6, batch_size: 16}
compress:
  - {type: fine_tune, updates: 20, learning_rate: {type: cosine, initial: 0.01}}
  - {type: fine_tune, epochs: 3}
`

// watch counts the updates of all trainings, and cancels after so many.
type watch struct {
	steps, stop int
	cancel      context.CancelFunc
}

func (w *watch) Start(train.Length) {}
func (w *watch) Epoch(train.Epoch)  {}
func (w *watch) Step(train.Progress) {
	if w.steps++; w.steps == w.stop {
		w.cancel()
	}
}

// start runs the recipe of a spec in dir until the end or the stop-th update, and returns how many updates were done.
func start(t *testing.T, dir, text, given string, stop int) (*Result, int, error) {
	t.Helper()
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	w := &watch{stop: stop, cancel: cancel}
	res, err := Run(ctx, Options{
		Recipe: job.Config.Compress, Net: &job.Network, Model: given, Dir: dir, Threads: 1,
		Watch: func() train.Watcher { return w }, Tell: func(string) {}, Warn: func(text string) { t.Log(text) },
	})
	return res, w.steps, err
}

// models are the bytes of all models of a recipe.
func models(t *testing.T, res *Result) (all [][]byte) {
	for _, s := range res.Stages {
		data, err := os.ReadFile(s.Model)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, data)
	}
	return all
}

// A recipe that is interrupted again and again ends in the bits of one that is not. What is done is not done again, and a
// changed recipe is done from where it changed.
func TestRunAgain(t *testing.T) {
	whole, steps, err := start(t, t.TempDir(), small, "", 0)
	if err != nil || len(whole.Stages) != 3 || whole.Chosen != 2 || steps != 5*(6+4+3) {
		t.Fatalf("%+v after %d updates: %v", whole, steps, err)
	}
	dir, all := t.TempDir(), 0
	var res *Result
	for _, stop := range []int{7, 13, 11, 0} { // in the training of the net, and in both steps
		res, steps, err = start(t, dir, small, "", stop)
		all += steps
		if stop > 0 && !errors.Is(err, train.ErrInterrupted) {
			t.Fatalf("stopped after %d: %v", stop, err)
		}
	}
	if err != nil || all != 65 || !slices.EqualFunc(models(t, whole), models(t, res), bytes.Equal) {
		t.Fatalf("other models after interruptions, with %d updates: %v", all, err)
	}
	before := models(t, res)
	if res, steps, err = start(t, dir, small, "", 0); err != nil || steps != 0 || !slices.EqualFunc(before, models(t, res), bytes.Equal) {
		t.Errorf("again: %d updates, %v", steps, err)
	}
	changed := strings.Replace(small, "{type: fine_tune, epochs: 3}", "{type: fine_tune, epochs: 2}", 1)
	if res, steps, err = start(t, dir, changed, "", 0); err != nil || steps != 10 || !bytes.Equal(before[1], models(t, res)[1]) {
		t.Errorf("changed: %d updates, %v", steps, err)
	}
	shorter := small[:strings.Index(small, "  - {type: fine_tune, epochs: 3}")]
	if res, steps, err = start(t, dir, shorter, "", 0); err != nil || steps != 0 || len(res.Stages) != 2 {
		t.Errorf("shorter: %d updates, %v", steps, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "2-fine_tune")); err == nil {
		t.Error("the folder of a step that the recipe does not have is left")
	}
	if err := os.WriteFile(filepath.Join(dir, "1-fine_tune", ModelFile), []byte("damaged"), 0o666); err != nil {
		t.Fatal(err)
	}
	if res, _, err = start(t, dir, shorter, "", 0); err != nil || !bytes.Equal(before[1], models(t, res)[1]) {
		t.Errorf("a damaged model is not made anew: %v", err)
	}
}

// A recipe may begin with any model of the spec, and leaves a model whose spec trains as that of the first.
func TestGivenModel(t *testing.T) {
	dir := t.TempDir()
	first, _, err := start(t, filepath.Join(mkdir(t, dir, "a")), small, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	given := first.Stages[0].Model
	res, steps, err := start(t, mkdir(t, dir, "b"), small, given, 0)
	if err != nil || steps != 35 || res.Stages[0].Model != given {
		t.Fatalf("%d updates: %v", steps, err)
	}
	f, err := model.Load(res.Model)
	if err != nil {
		t.Fatal(err)
	}
	c := f.Net.Config
	if c.Train.Epochs != 6 || c.Train.Init != nil || c.Compress != nil || !c.Train.Test || string(spec.Encode(c.Optimizer)) != string(spec.Encode(first.optimizer(t))) {
		t.Errorf("the spec of the result: %s", spec.Encode(c))
	}
	if res.Test == nil || len(res.Test.After) != 2 || valueOf(res.Test.After, "accuracy") < 0.7 {
		t.Errorf("test: %+v", res.Test)
	}
	var again Result
	data, err := os.ReadFile(filepath.Join(dir, "b", JSONFile))
	if err == nil {
		err = json.Unmarshal(data, &again)
	}
	if err != nil || again.Stages[2].Figures.Of("accuracy") != res.Stages[2].Figures.Of("accuracy") {
		t.Errorf("%s: %v", data, err)
	}
	if table, err := os.ReadFile(filepath.Join(dir, "b", CSVFile)); err != nil || strings.Count(string(table), "\n") != 4 || !strings.HasSuffix(string(table), ",true\n") {
		t.Errorf("%s: %v", table, err)
	}
}

func (res *Result) optimizer(t *testing.T) any {
	f, err := model.Load(res.Stages[0].Model)
	if err != nil {
		t.Fatal(err)
	}
	return f.Net.Config.Optimizer
}

func mkdir(t *testing.T, parts ...string) string {
	dir := filepath.Join(parts...)
	if err := os.MkdirAll(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	return dir
}

// A folder that holds something else is left as it is.
func TestForeignFolder(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(mkdir(t, dir, "1-fine_tune"), "mine.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o666); err != nil {
		t.Fatal(err)
	}
	if _, _, err := start(t, dir, small, "", 0); err == nil || !strings.Contains(err.Error(), "not that of a step") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(mine); err != nil {
		t.Error(err)
	}
}

// A step that learns from another model does so again when that changes. A model that is not there is told before anything is done.
func TestDistillStep(t *testing.T) {
	dir := t.TempDir()
	begun, _, err := start(t, mkdir(t, dir, "begin"), small, "", 0)
	if err != nil {
		t.Fatal(err)
	}
	teacher := filepath.Join(mkdir(t, dir, "teacher"), "best.safetensors")
	copyTo := func(from string) {
		data, err := os.ReadFile(from)
		if err == nil {
			err = os.WriteFile(teacher, data, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	recipe := func(step string) string {
		return small[:strings.Index(small, "  - {type: fine_tune, updates: 20")] + "  - " + step + "\n"
	}
	given := begun.Stages[0].Model
	alone, _, err := start(t, mkdir(t, dir, "alone"), recipe("{type: fine_tune, epochs: 2}"), given, 0)
	if err != nil {
		t.Fatal(err)
	}
	byFirst, _, err := start(t, mkdir(t, dir, "first"), recipe("{type: distill, epochs: 2}"), given, 0)
	if err != nil || bytes.Equal(models(t, alone)[1], models(t, byFirst)[1]) {
		t.Fatalf("a teacher changes nothing: %v", err)
	}
	matched, _, err := start(t, mkdir(t, dir, "match"), recipe("{type: distill, epochs: 2, match: {dense_1: dense_1}}"), given, 0)
	if err != nil || bytes.Equal(models(t, matched)[1], models(t, byFirst)[1]) {
		t.Fatalf("a match changes nothing: %v", err)
	}
	copyTo(given)
	named := recipe("{type: distill, epochs: 2, teacher: " + filepath.Dir(teacher) + "}")
	byName, steps, err := start(t, mkdir(t, dir, "named"), named, given, 0)
	if err != nil || steps != 10 || !bytes.Equal(models(t, byName)[1], models(t, byFirst)[1]) {
		t.Fatalf("the first model, named, is another teacher: %v", err)
	}
	f, err := model.Load(byName.Model)
	if err != nil || f.Net.Config.Train.Distill != nil {
		t.Errorf("the model tells of a teacher: %v", err)
	}
	was := models(t, byName)[1]
	copyTo(begun.Stages[2].Model)
	if again, steps, err := start(t, mkdir(t, dir, "named"), named, given, 0); err != nil || steps != 10 || bytes.Equal(models(t, again)[1], was) {
		t.Errorf("a changed teacher: %d updates, %v", steps, err)
	}
	missing := recipe("{type: distill, epochs: 2, teacher: nowhere}")
	if _, steps, err := start(t, mkdir(t, dir, "missing"), missing, "", 0); steps > 0 || err == nil || !strings.Contains(err.Error(), "compress.steps[0].teacher[0]: ") {
		t.Errorf("after %d updates: %v", steps, err)
	}
}

// What a step pruned stays zero in the steps behind it, and the model that it was given stays as it is.
func TestPruneStep(t *testing.T) {
	text := small[:strings.Index(small, "  - {type: fine_tune, updates: 20")]
	for _, c := range []struct {
		steps string
		zeros []float64 // share of the weights in matrices, of each stage
	}{
		{"  - {type: prune, sparsity: 0.5}\n  - {type: fine_tune, epochs: 2}\n  - {type: distill, epochs: 2}\n", []float64{0, 0.5, 0.5, 0.5}},
		{"  - {type: prune, sparsity: 0.75, scope: layer, epochs: 3}\n  - {type: fine_tune, epochs: 2}\n", []float64{0, 0.75, 0.75}},
		{"  - {type: prune, pattern: \"2:4\", layers: [dense_2]}\n  - {type: fine_tune, epochs: 1}\n", []float64{0, 0.25, 0.25}},
	} {
		res, _, err := start(t, t.TempDir(), text+c.steps, "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range res.Stages {
			weights := 2*8 + 8*2
			if got := float64(s.Figures.Parameters-s.Figures.NonZeros) / float64(weights); math.Abs(got-c.zeros[i]) > 0.001 {
				t.Errorf("%s: stage %d has %v of its weights at zero, expected %v", c.steps, i, got, c.zeros[i])
			}
		}
	}
	for step, want := range map[string]string{
		"{type: prune, sparsity: 1}":                             "prunes all weights away",
		"{type: prune, sparsity: 0.99, scope: layer}":            "leaves none of the 16 weights of dense_1.weight",
		"{type: prune, sparsity: 0.5, layers: [batch_norm_1]}":   "there is nothing to prune",
		"{type: prune, sparsity: 0.99, scope: layer, epochs: 1}": "leaves none of the 16 weights of dense_1.weight",
	} {
		doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text+"  - "+step+"\n"), nil)
		if err == nil {
			_, err = model.Open(doc)
		}
		if err == nil {
			_, _, err = start(t, t.TempDir(), text+"  - "+step+"\n", "", 0)
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, expected %s", step, err, want)
		}
	}
}

// A net that is trained for the numbers that it will have, with interruptions, ends in the bits of one that is trained without. The
// training is that of train.quantize, and the zeros of steps before stay.
func TestQuantizeStep(t *testing.T) {
	text := small[:strings.Index(small, "  - {type: fine_tune, updates: 20")]
	aware := text + "  - {type: prune, sparsity: 0.5}\n  - {type: quantize, weights: int4, epochs: 4, begin: 0.25, learning_rate: 0.02}\n"
	whole, steps, err := start(t, t.TempDir(), aware, "", 0)
	if err != nil || steps != 5*(6+4) {
		t.Fatalf("%d updates, %v", steps, err)
	}
	dir := t.TempDir()
	var res *Result
	for _, stop := range []int{33, 6, 4, 0} { // three times in the training of the step
		if res, _, err = start(t, dir, aware, "", stop); stop > 0 && !errors.Is(err, train.ErrInterrupted) {
			t.Fatalf("stopped after %d: %v", stop, err)
		}
	}
	if err != nil || !slices.EqualFunc(models(t, whole), models(t, res), bytes.Equal) {
		t.Errorf("other models after interruptions: %v", err)
	}
	last := &whole.Stages[2]
	if f := last.Figures; f.Parameters-f.NonZeros < 16 || !strings.HasPrefix(last.Summary, "trained for 4 epochs with rounded numbers, then ") {
		t.Errorf("%+v", last)
	}
	training, err := os.ReadFile(filepath.Join(filepath.Dir(last.Model), trainingDir, train.SpecFile))
	if err != nil || !strings.Contains(string(training), "weights: int4") || !strings.Contains(string(training), "begin: 0.25") {
		t.Errorf("%s: %v", training, err)
	}
	f, err := model.Load(last.Model)
	if err != nil || f.Net.Config.Train.Quantize != nil || f.Net.Config.Train.Epochs != 6 {
		t.Errorf("the spec of the result: %s, %v", spec.Encode(f.Net.Config), err)
	}
	after, _, err := start(t, t.TempDir(), text+"  - {type: prune, sparsity: 0.5}\n  - {type: quantize, weights: int4}\n", whole.Stages[0].Model, 0)
	if err != nil || bytes.Equal(models(t, after)[2], models(t, whole)[2]) {
		t.Errorf("training changes nothing: %v", err)
	}
	if _, steps, err = start(t, t.TempDir(), strings.Replace(aware, "begin: 0.25", "keep: [nothing]", 1), whole.Stages[0].Model, 0); steps > 0 || err == nil || !strings.Contains(err.Error(), `compress.steps[1]: the model has no layer that matches "nothing", which is to be kept`) {
		t.Errorf("after %d updates: %v", steps, err)
	}
}

// A step breaks the budget, and the recipe goes on: the next one trains, for rounded numbers.
func TestQuantizeWithinBudget(t *testing.T) {
	text := small[:strings.Index(small, "compress:")] + `compress:
  steps:
    - {type: prune, sparsity: 0.8, scope: layer}
    - {type: quantize, weights: int8, epochs: 12, learning_rate: 0.02}
  max_loss_of: {loss: 0}
`
	text = strings.Replace(text, "epochs: 6", "epochs: 40", 1)
	res, _, err := start(t, t.TempDir(), text, "", 0)
	if err != nil || len(res.Stages) != 3 || len(res.Stages[1].Breaks) == 0 || res.Ended != "" {
		t.Errorf("%+v: %v", res, err)
	}
}
