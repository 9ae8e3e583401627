package train

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"testing"

	"dnn/pkg/model"
)

// watching keeps the validations of a run.
type watching struct {
	silent
	epochs []Epoch
}

func (w *watching) Epoch(e Epoch) { w.epochs = append(w.epochs, e) }

// seen trains in dir and returns what was seen of the validations.
func seen(t *testing.T, job *model.Job, o Options) (*Trainer, []Epoch) {
	t.Helper()
	w := &watching{}
	o.Watch, o.Threads = w, 1
	tr, err := New(job, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	if err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	return tr, w.epochs
}

// oneClass is a spec whose validation split, the last rows, is of one class.
func oneClass(t *testing.T) string {
	rows := "x,y\n"
	for i := range 90 {
		rows += fmt.Sprintf("%d,%s\n", i%9, []string{"no", "yes"}[min(i%9/8, (89-i)/20)])
	}
	file := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(file, []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	return `
dataset: {path: ` + file + `, target: {column: y, type: binary}, split: {order: true, validation: 18}}
layers: [{type: dense, units: 1}]
optimizer: {type: adam, learning_rate: 0.05}
metrics: [accuracy, roc_auc]
train: {epochs: 6, monitor: validation_roc_auc}
`
}

// A monitored figure that is undefined is never better: the loss decides.
func TestUndefinedFigureLeavesTheDecisionToTheLoss(t *testing.T) {
	tr, epochs := seen(t, open(t, oneClass(t)), Options{Dir: t.TempDir()})
	best := 0
	for i, e := range epochs {
		if e.By != "validation_loss" || e.Monitored != e.Validation.Loss || !math.IsNaN(e.Validation.Get("roc_auc")) {
			t.Errorf("epoch %d is judged by %s %v, its loss is %v", e.Epoch, e.By, e.Monitored, e.Validation.Loss)
		}
		if e.Monitored < epochs[best].Monitored {
			best = i
		}
	}
	if best == 0 {
		t.Fatal("the first epoch is the best by the loss too, so the test shows nothing")
	}
	if pos := tr.Position(); pos.BestEpoch != best+1 || pos.By != "validation_loss" {
		t.Errorf("best after epoch %d by %s, want %d", pos.BestEpoch, pos.By, best+1)
	}
}

// A figure that becomes defined takes over at once, and one that is no longer defined is not better.
func TestDefinedFigureTakesOver(t *testing.T) {
	job := open(t, everything, "train.monitor=validation_accuracy")
	tr, err := New(job, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	scores, err := tr.score(t.Context(), job.Data.Validation)
	if err != nil {
		t.Fatal(err)
	}
	nan := math.NaN()
	for i, c := range []struct {
		loss, accuracy float64
		by             string
		best           bool
	}{
		{.5, nan, "validation_loss", true},
		{.6, nan, "validation_loss", false},
		{.4, nan, "validation_loss", true},
		{.9, .2, "validation_accuracy", true},
		{.1, nan, "validation_accuracy", false},
		{.8, .3, "validation_accuracy", true},
		{.7, .3, "validation_accuracy", true}, // a tie, which the loss breaks
		{.75, .3, "validation_accuracy", false},
	} {
		scores.Loss, scores.Heads[0].Loss, scores.Heads[0].Metrics[0].Result.Value = c.loss, c.loss, c.accuracy
		e := Epoch{Epoch: i + 1, Validation: scores}
		if judge(tr, &e); e.By != c.by || e.Best != c.best {
			t.Errorf("validation %d: best %v by %s, want %v by %s", i+1, e.Best, e.By, c.best, c.by)
		}
	}
}

// A figure that is 0 until the net takes a first row for positive does not end a training, and the loss says which weights are
// the best until then.
func TestFigureAtItsWorstDoesNotStop(t *testing.T) {
	job := open(t, everything, "train.monitor=validation_accuracy", "train.early_stopping={patience: 2}")
	tr, err := New(job, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	scores, err := tr.score(t.Context(), job.Data.Validation)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		loss, figure float64
		best         bool
		wait         int
	}{{.9, 0, true, 0}, {.8, 0, true, 0}, {.85, 0, false, 0}, {.7, 0, true, 0}, {.75, .2, true, 0}, {.6, 0, false, 1}, {.74, .2, true, 2}} {
		scores.Loss, scores.Heads[0].Metrics[0].Result.Value = c.loss, c.figure
		e := Epoch{Epoch: i + 1, Validation: scores}
		if judge(tr, &e); e.Best != c.best || e.Wait != c.wait || tr.pos.Stopped != (c.wait == 2) {
			t.Errorf("validation %d: best %v, wait %d, stopped %v", i+1, e.Best, e.Wait, tr.pos.Stopped)
		}
	}
}

// min_delta says when to stop, and any improvement makes weights the best.
func TestMinDeltaDecidesOnlyWhenToStop(t *testing.T) {
	job := open(t, everything, "train.early_stopping={patience: 3, min_delta: 0.1}")
	tr, err := New(job, Options{Dir: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	scores, err := tr.score(t.Context(), job.Data.Validation)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range []struct {
		loss float64
		best bool
		wait int
	}{{.5, true, 0}, {.45, true, 1}, {.46, false, 2}, {.39, true, 0}, {.38, true, 1}, {.37, true, 2}, {.36, true, 3}} {
		scores.Loss = c.loss
		e := Epoch{Epoch: i + 1, Validation: scores}
		if judge(tr, &e); e.Best != c.best || e.Wait != c.wait || tr.pos.Stopped != (c.wait == 3) {
			t.Errorf("loss %v: best %v, wait %d, stopped %v", c.loss, e.Best, e.Wait, tr.pos.Stopped)
		}
	}
}

// A run that is resumed with another figure to monitor compares by that alone, and keeps the best weights by the former.
func TestAnotherMonitorComparesAnew(t *testing.T) {
	dir := t.TempDir()
	first, _ := seen(t, open(t, everything, "train.monitor=validation_accuracy", "train.epochs=4"), Options{Dir: dir})
	if first.Position().Best < .5 {
		t.Fatalf("accuracy %v", first.Position().Best)
	}
	former := read(t, dir, BestFile)
	resume := func(sets ...string) (*Trainer, []Epoch) {
		file, err := model.Load(filepath.Join(dir, LastFile))
		if err != nil {
			t.Fatal(err)
		}
		return seen(t, open(t, everything, sets...), Options{Dir: dir, Resume: file})
	}
	if tr, epochs := resume("train.monitor=validation_loss", "train.epochs=4"); len(epochs) > 0 || tr.Former() != "" || tr.Position().By != "validation_accuracy" {
		t.Errorf("nothing is left to train, and the comparison is %+v", tr.Position())
	}
	tr, epochs := resume("train.monitor=validation_loss", "train.epochs=6")
	if len(epochs) != 2 || !epochs[0].Best || epochs[0].By != "validation_loss" {
		t.Errorf("the first validation by another figure: %+v", epochs)
	}
	if got := tr.Position(); tr.Former() != "validation_accuracy" || got.BestEpoch < 5 || got.By != "validation_loss" {
		t.Errorf("%+v", got)
	}
	if read(t, dir, FormerBest("validation_accuracy")) != former {
		t.Error("the best weights by the former figure are lost")
	}
	if tr, _ = resume("train.monitor=validation_loss", "train.epochs=7"); tr.Former() != "" {
		t.Error("compares anew by the same figure")
	}
	byLoss, bestLoss := read(t, dir, BestFile), tr.Position().Best
	tr, epochs = resume("train.monitor=validation_accuracy", "train.epochs=8")
	if got := tr.Position(); got.By != "validation_accuracy" || got.Best != max(first.Position().Best, epochs[0].Monitored) {
		t.Errorf("back by the first figure, of %v: %+v", first.Position().Best, got)
	}
	if !epochs[0].Best && read(t, dir, BestFile) != former {
		t.Error("the best weights by the first figure are not the best again")
	}
	if read(t, dir, FormerBest("validation_loss")) != byLoss {
		t.Error("the best weights by the loss are lost")
	}
	if tr, _ := resume("train.monitor=validation_loss", "train.epochs=9"); tr.Position().Best > bestLoss {
		t.Errorf("a loss of %v takes the place of %v", tr.Position().Best, bestLoss)
	}
}
