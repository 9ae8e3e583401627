package train

import (
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/weights"
)

// rounded is a training of everything for integers, which begins to round in the middle.
var rounded = []string{"train.quantize={begin: 0.4, keep: [dense_2]}"}

func TestThreadsAndKernelsChangeNoBitOfQuantize(t *testing.T) {
	for _, sets := range [][]string{rounded, {"train.quantize={weights: int4}"}} {
		want := weightBits(run(t, open(t, everything, sets...), t.TempDir(), 1, 0))
		if slices.Equal(want, weightBits(run(t, open(t, everything), t.TempDir(), 1, 0))) {
			t.Error("train.quantize changes nothing")
		}
		variant := cpu.Variant()
		for i, v := range cpu.Variants() {
			if err := cpu.Use(v); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(weightBits(run(t, open(t, everything, sets...), t.TempDir(), 2+i, 0)), want) {
				t.Errorf("%v: kernels %s on %d threads end in other bits", sets, v, 2+i)
			}
		}
		if err := cpu.Use(variant); err != nil {
			t.Fatal(err)
		}
	}
}

func TestQuantizeResumed(t *testing.T) {
	whole := t.TempDir()
	want := weightBits(run(t, open(t, everything, rounded...), whole, 2, 0))
	for _, stop := range []int{1, 5, 13} {
		dir := t.TempDir()
		run(t, open(t, everything, rounded...), dir, 2, stop)
		if got := weightBits(run(t, open(t, everything, rounded...), dir, 1, 0)); !slices.Equal(got, want) {
			t.Errorf("stopped after %d updates and resumed: other bits", stop)
		}
		for _, name := range []string{MetricsFile, BestFile} {
			if read(t, dir, name) != read(t, whole, name) {
				t.Errorf("stopped after %d updates and resumed: %s differs", stop, name)
			}
		}
	}
	dir := t.TempDir()
	run(t, open(t, everything, rounded...), dir, 1, 2)
	f, err := model.Load(filepath.Join(dir, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := New(open(t, everything), Options{Dir: dir, Threads: 1, Resume: f}); err == nil || !strings.Contains(err.Error(), "quantize") {
		t.Errorf("resumed without train.quantize: %v", err)
	}
}

// Before it begins, steps are those of a training without.
func TestQuantizeBegins(t *testing.T) {
	plain, late := t.TempDir(), t.TempDir()
	want := weightBits(run(t, open(t, everything), plain, 1, 9))
	if got := weightBits(run(t, open(t, everything, "train.quantize={begin: 0.5}"), late, 1, 9)); !slices.Equal(got, want) {
		t.Error("steps round before half of the training is over")
	}
	want = weightBits(run(t, open(t, everything), plain, 1, 0))
	if got := weightBits(run(t, open(t, everything, "train.quantize={begin: 0.5}"), late, 1, 0)); slices.Equal(got, want) {
		t.Error("steps never round")
	}
}

// The figures of the training are those of the quantized model.
func TestQuantizeShowsTheQuantizedModel(t *testing.T) {
	for settings, form := range map[string]weights.Form{"{}": &weights.Int8{}, "{weights: int4}": &weights.Int4{}} {
		dir := t.TempDir()
		job := open(t, everything, "train.quantize="+settings, "train.monitor=validation_loss")
		tr := run(t, job, dir, 1, 0)
		f, err := model.Load(filepath.Join(dir, BestFile))
		if err != nil {
			t.Fatal(err)
		}
		base, err := f.Folded()
		if err != nil {
			t.Fatal(err)
		}
		forms := base.Net.Forms.Clone()
		for _, name := range []string{"dense_1.weight", "residual_1.dense_1.weight", "dense_2.weight"} {
			forms.Of[name] = form
		}
		made, err := base.In(forms)
		if err != nil {
			t.Fatal(err)
		}
		shown, quantized, float := tr.pos.Best, lossOf(t, made, job.Data.Validation), lossOf(t, f, job.Data.Validation)
		if math.Abs(shown-quantized) > 1e-4*quantized || math.Abs(shown-float) < 1e-4*float {
			t.Errorf("%s: the training shows a loss of %v; quantized it is %v, in float32 %v", settings, shown, quantized, float)
		}
	}
}

func lossOf(t *testing.T, f *model.File, part *dataset.Part) float64 {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	scores, err := infer.Score(infer.NewRunner(f.Net, f.State, pool, true), part, infer.Scoring{})
	if err != nil {
		t.Fatal(err)
	}
	return scores.Loss
}
