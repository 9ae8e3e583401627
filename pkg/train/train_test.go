package train

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/pkg/dataset"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// everything is a spec that uses all that a training has to remember: dropout, running statistics, momentum, averaged
// weights, accumulation, a schedule with a state and a last batch that is smaller.
const everything = `
name: everything
seed: 5
dataset: {format: synthetic, generator: moons, rows: 203, noise: 0.2}
layers:
  - {type: dense, units: 9, activation: tanh}
  - batch_norm
  - {type: dropout, rate: 0.3}
  - {type: residual, layers: [{type: dense, units: 9, activation: gelu}]}
  - {type: dense, units: classes, l2: 0.001}
optimizer: {type: adamw, learning_rate: {type: plateau, initial: 0.02, patience: 1, warmup: 5}, weight_decay: 0.01}
metrics: [accuracy]
train:
  epochs: 6
  batch_size: 16
  accumulate: 3
  gradient_clip: {norm: 1.0}
  weight_average: {decay: 0.9}
  early_stopping: {patience: 50}
`

func open(t testing.TB, text string, sets ...string) *model.Job {
	t.Helper()
	job, err := tryOpen(t, text, sets...)
	if err != nil {
		t.Fatal(err)
	}
	return job
}

// tryOpen is open for specs that may have mistakes.
func tryOpen(t testing.TB, text string, sets ...string) (*model.Job, error) {
	t.Helper()
	doc, err := spec.Parse(filepath.Join(t.TempDir(), "spec.yaml"), []byte(text), sets)
	if err != nil {
		t.Fatal(err)
	}
	return model.Open(doc, dataset.KeepImages())
}

// stopper cancels a context after so many updates.
type stopper struct {
	silent
	after  int
	cancel context.CancelFunc
}

func (s *stopper) Step(p Progress) {
	if p.Step == s.after {
		s.cancel()
	}
}

// run trains in dir, after so many updates at most when stopAfter is positive, and returns the trainer.
func run(t testing.TB, job *model.Job, dir string, threads, stopAfter int) *Trainer {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	o := Options{Dir: dir, Threads: threads, Watch: &stopper{after: stopAfter, cancel: cancel}}
	if f := filepath.Join(dir, LastFile); exists(f) {
		file, err := model.Load(f)
		if err != nil {
			t.Fatal(err)
		}
		o.Resume = file
	}
	tr, err := New(job, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(tr.Close)
	if err := tr.Run(ctx); err != nil && !(stopAfter > 0 && errors.Is(err, ErrInterrupted)) {
		t.Fatal(err)
	}
	return tr
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// weightBits are the bits of all that a training ends in.
func weightBits(t *Trainer) []uint32 {
	var bits []uint32
	for _, name := range t.State().Names() {
		for _, v := range t.State().Buffer(name).Floats() {
			bits = append(bits, math.Float32bits(v))
		}
	}
	return bits
}

func TestThreadsAndKernelsChangeNoBit(t *testing.T) {
	want := weightBits(run(t, open(t, everything), t.TempDir(), 1, 0))
	for _, threads := range []int{2, 3, 8, 32} {
		if !slices.Equal(weightBits(run(t, open(t, everything), t.TempDir(), threads, 0)), want) {
			t.Errorf("%d threads end in other bits than one", threads)
		}
	}
	defer cpu.Use(cpu.Variant())
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(weightBits(run(t, open(t, everything), t.TempDir(), 2, 0)), want) {
			t.Errorf("kernels %s end in other bits", v)
		}
	}
}

func TestResumedTrainingEndsInTheSameBits(t *testing.T) {
	whole := t.TempDir()
	want := weightBits(run(t, open(t, everything), whole, 2, 0))
	for _, stop := range []int{1, 4, 5, 13, 20} {
		dir := t.TempDir()
		run(t, open(t, everything), dir, 2, stop)
		got := run(t, open(t, everything), dir, 1, 0)
		if !slices.Equal(weightBits(got), want) {
			t.Errorf("stopped after %d updates and resumed: other bits", stop)
		}
		for _, name := range []string{MetricsFile, BestFile} {
			a, b := read(t, whole, name), read(t, dir, name)
			if name == BestFile { // its spec holds paths relative to its folder; this one has none
				a, b = a[len(a)/2:], b[len(b)/2:]
			}
			if a != b {
				t.Errorf("stopped after %d updates and resumed: %s differs", stop, name)
			}
		}
	}
}

func read(t *testing.T, dir, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestMoreEpochsContinue(t *testing.T) {
	text := strings.Replace(everything, "{type: plateau, initial: 0.02, patience: 1, warmup: 5}", "0.02", 1)
	want := weightBits(run(t, open(t, text), t.TempDir(), 2, 0))
	dir := t.TempDir()
	run(t, open(t, text, "train.epochs=3"), dir, 2, 0)
	if !slices.Equal(weightBits(run(t, open(t, text), dir, 2, 0)), want) {
		t.Error("3 epochs and 3 more end in other bits than 6")
	}
}

func TestOtherDataAndOtherNetsAreNotResumed(t *testing.T) {
	dir := t.TempDir()
	run(t, open(t, everything), dir, 1, 3)
	file, err := model.Load(filepath.Join(dir, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range []string{"dataset.rows=204", "layers.0.units=10", "layers.0.activation=relu", "seed=6", "optimizer.type=sgd"} {
		sets := []string{set}
		if set == "layers.0.units=10" {
			sets = append(sets, "layers.3.layers.0.units=10")
		}
		if set == "optimizer.type=sgd" {
			sets = []string{"optimizer=sgd"}
		}
		tr, err := New(open(t, everything, sets...), Options{Dir: dir, Resume: file})
		if err == nil {
			tr.Close()
			t.Errorf("resumed with --set %s", set)
		}
	}
}

func TestAccumulationEqualsLargerBatch(t *testing.T) {
	const text = `
dataset: {format: synthetic, generator: moons, rows: 100}
layers: [{type: dense, units: 8, activation: tanh}, {type: dense, units: classes, l2: 0.01}]
loss: {type: cross_entropy, class_weights: balanced}
optimizer: {type: sgd, learning_rate: 0.1}
train: {epochs: 3, batch_size: 24}
`
	a := run(t, open(t, text), t.TempDir(), 1, 0).State().Data("weights")
	b := run(t, open(t, text, "train.batch_size=8", "train.accumulate=3"), t.TempDir(), 1, 0).State().Data("weights")
	for i := range a {
		if math.Abs(float64(a[i]-b[i])) > 1e-6 {
			t.Fatalf("weight %d is %v with batches of 24, %v with three of 8", i, a[i], b[i])
		}
	}
}

func TestStepAllocatesNothing(t *testing.T) {
	job := open(t, everything)
	tr, err := New(job, Options{Dir: t.TempDir(), Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	tr.batches.begin(0)
	one := func() {
		for range tr.batches.count() {
			if _, err := tr.step(); err != nil {
				t.Fatal(err)
			}
		}
		tr.pos.Batch = 0
	}
	one()
	if n := testing.AllocsPerRun(5, one); n != 0 {
		t.Errorf("%v allocations in an epoch's steps", n)
	}
}

func TestDivergenceNamesStepLayerAndRows(t *testing.T) {
	job := open(t, `
dataset: {format: synthetic, generator: random_regression, rows: 64, features: 4}
layers: [{type: dense, units: 8}, {name: wide, type: dense, units: 8}, {type: dense, units: targets}]
optimizer: {type: sgd, learning_rate: 1e6}
`)
	dir := t.TempDir()
	tr, err := New(job, Options{Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	defer tr.Close()
	err = tr.Run(context.Background())
	var d *Diverged
	if !errors.As(err, &d) {
		t.Fatalf("got %v, want a divergence", err)
	}
	if d.Step < 2 || d.Layer == "?" || d.Layer == "" || len(d.Rows) != 32 && len(d.Rows) == 0 {
		t.Errorf("says %+v", d)
	}
}

func TestEarlyStoppingKeepsTheBest(t *testing.T) {
	job := open(t, everything, "train.epochs=200", "train.early_stopping.patience=3", "optimizer={type: sgd, learning_rate: 3.0}")
	tr := run(t, job, t.TempDir(), 2, 0)
	pos := tr.Position()
	if !pos.Stopped || pos.Epoch != pos.BestEpoch+3 {
		t.Fatalf("stopped %v after epoch %d, best %d", pos.Stopped, pos.Epoch, pos.BestEpoch)
	}
	res, err := tr.Finish(t.Context(), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range res.Parts {
		if p.Part == "validation" && math.Abs(p.Scores.Loss-pos.Best) > 1e-6*math.Abs(pos.Best) {
			t.Errorf("the model in the folder has validation loss %v, the best was %v", p.Scores.Loss, pos.Best)
		}
	}
}

// TestStoppingWithinAnEpoch: a validation within an epoch that stops the training is the last one, for the log and the
// images too, and an interruption at that step changes nothing.
func TestStoppingWithinAnEpoch(t *testing.T) {
	sets := []string{"train.epochs=200", "train.accumulate=1", "train.validate_every=3", "train.early_stopping.patience=2", "optimizer={type: sgd, learning_rate: 3.0}"}
	dir := t.TempDir()
	tr := run(t, open(t, everything, sets...), dir, 2, 0)
	pos := tr.Position()
	if !pos.Stopped || pos.Wait != 2 || pos.Step%3 != 0 || pos.Step%tr.batches.count() == 0 {
		t.Fatalf("did not stop within an epoch: %+v", pos)
	}
	last := 0
	for _, text := range strings.Split(strings.TrimSpace(read(t, dir, MetricsFile)), "\n") {
		var l line
		if err := json.Unmarshal([]byte(text), &l); err != nil || l.Step <= last {
			t.Fatalf("after step %d: %s (%v)", last, text, err)
		}
		last = l.Step
	}
	if _, err := tr.Finish(t.Context(), nil, nil); err != nil {
		t.Fatal(err)
	}
	broken := t.TempDir()
	run(t, open(t, everything, sets...), broken, 1, pos.Step)
	resumed := run(t, open(t, everything, sets...), broken, 1, 0)
	if got := resumed.Position(); got.Epoch != pos.Epoch || got.Batch != pos.Batch || got.Wait != pos.Wait || !slices.Equal(weightBits(resumed), weightBits(tr)) {
		t.Errorf("interrupted at the last step and resumed: %+v, want %+v", got, pos)
	}
	if read(t, broken, MetricsFile) != read(t, dir, MetricsFile) {
		t.Error("interrupted at the last step and resumed: another log")
	}
}

// goldenBits is the hash of the bits that the training of everything ends in, on every processor. It changes only when a
// formula changes: then say so in the commit.
const goldenBits = "35b0cdb11eab4a08"

// goldenHalves is that of the same training with all that can be kept as bf16.
const goldenHalves = "5bd47ef0a5e61cbc"

func TestBitsAreThoseOfEveryMachine(t *testing.T) {
	for want, sets := range map[string][]string{goldenBits: nil, goldenHalves: halves} {
		h := sha256.New()
		if err := binary.Write(h, binary.LittleEndian, weightBits(run(t, open(t, everything, sets...), t.TempDir(), 2, 0))); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprintf("%x", h.Sum(nil)[:8]); got != want {
			t.Errorf("%v: the weights' bits hash to %s here, elsewhere to %s", sets, got, want)
		}
	}
}

// TestBatchWithoutWeight: rows of weight 0 are as if they were not there, also when a whole batch is of them.
func TestBatchWithoutWeight(t *testing.T) {
	rows := "x,y,w\n"
	for i := range 24 {
		rows += fmt.Sprintf("%d,%d,%d\n", i%5, 2*(i%5)+1, (i/8+1)%2) // every other batch of 8
	}
	file := filepath.Join(t.TempDir(), "data.csv")
	if err := os.WriteFile(file, []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	text := `
dataset: {path: ` + file + `, target: {column: y, type: number}, weight: w, split: {validation: 0}}
layers: [{type: dense, units: targets}]
optimizer: {type: sgd, learning_rate: 0.01}
train: {batch_size: 8, epochs: 20, shuffle: false}
`
	for _, sets := range [][]string{nil, {"train.accumulate=2"}, {"train.gradient_clip={norm: 1}"}, {"train.gradient_clip={value: 1}"}} {
		for _, w := range run(t, open(t, text, sets...), t.TempDir(), 1, 0).State().Data("weights") {
			if w != w {
				t.Fatalf("%v: a weight is not a number", sets)
			}
		}
	}
}
