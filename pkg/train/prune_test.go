package train

import (
	"path/filepath"
	"slices"
	"testing"

	"dnn/internal/kernel/cpu"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
)

// pruned is a training of everything that prunes: decay, momentum, clipping, an average and accumulation.
var pruned = []string{"train.prune={sparsity: 0.6, begin: 0.2, end: 0.7, every: 2, exclude: [dense_2]}", "train.epochs=8"}

// zeros are the places of zeros by name of the parameter.
func zeros(t *testing.T, f *model.File) map[string][]int {
	t.Helper()
	at := map[string][]int{}
	for name, values := range valuesOf(f) {
		for i, x := range values {
			if x == 0 {
				at[name] = append(at[name], i)
			}
		}
	}
	return at
}

func TestPrune(t *testing.T) {
	dir := t.TempDir()
	tr := run(t, open(t, everything, pruned...), dir, 1, 0)
	best, err := model.Load(filepath.Join(dir, BestFile))
	if err != nil {
		t.Fatal(err)
	}
	all := pruning.Total(Pruned(best))
	if want := 18 + 81; all.Weights != want || all.NonZeros != want-59 { // of the first layer and the residual one
		t.Errorf("%+v", all)
	}
	if !pruningOf(tr).Ended(tr.Position().BestStep) {
		t.Errorf("the best weights are those of update %d, before all were pruned", tr.Position().BestStep)
	}
	last := zeros(t, &model.File{State: tr.State()})
	for name, list := range zeros(t, best) {
		if !slices.Equal(list, last[name]) {
			t.Errorf("%s: weights that were zero when the model was the best are not at the end", name)
		}
	}
	for _, w := range model.Pruned(&tr.job.Network, tr.state) {
		for i, x := range w.Values {
			if average := tr.state.Data(model.VarAverage)[w.Offset+i]; x == 0 && average != 0 {
				t.Errorf("%s[%d] is zero, its average %v", w.Name, i, average)
			}
		}
	}
}

// What a resumed training prunes is what one prunes that was not stopped: before, within and after the pruning.
func TestPruneResumed(t *testing.T) {
	for _, sets := range [][]string{
		pruned,
		{"train.prune={pattern: \"1:3\", every: 3}"},
		{"train.prune={sparsity: 0.5, scope: layer, begin: 0, end: 0}", "train.epochs=3"},
	} {
		whole := t.TempDir()
		want := weightBits(run(t, open(t, everything, sets...), whole, 1, 0))
		for _, after := range []int{1, 10, 14} {
			dir := t.TempDir()
			run(t, open(t, everything, sets...), dir, 1, after)
			if !slices.Equal(weightBits(run(t, open(t, everything, sets...), dir, 3, 0)), want) {
				t.Errorf("%v: stopped after %d updates and resumed: other bits", sets, after)
			}
			if read(t, dir, MetricsFile) != read(t, whole, MetricsFile) {
				t.Errorf("%v: stopped after %d updates and resumed: another log", sets, after)
			}
		}
	}
}

func TestPruneSameBits(t *testing.T) {
	want := weightBits(run(t, open(t, everything, pruned...), t.TempDir(), 1, 0))
	defer cpu.Use(cpu.Variant())
	for _, v := range cpu.Variants() {
		if err := cpu.Use(v); err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(weightBits(run(t, open(t, everything, pruned...), t.TempDir(), 2, 0)), want) {
			t.Errorf("%v ends in other bits", v)
		}
	}
}

// Weights that begin with zeros learn until the first are pruned.
func TestPruneLeavesFirstZeros(t *testing.T) {
	text := "name: zeros\ndataset: {format: synthetic, generator: moons, rows: 60}\nlayers: [{type: dense, units: 5, activation: tanh}, {type: dense, units: classes, weight_init: zeros}]\n"
	tr := run(t, open(t, text, "train.epochs=20", "train.prune={sparsity: 0.3, every: 5}"), t.TempDir(), 1, 0)
	for _, f := range pruning.Count(model.Pruned(&tr.job.Network, tr.state)) {
		if f.NonZeros == 0 {
			t.Errorf("%s never learned", f.Name)
		}
	}
}

// A pruned model is trained on with its zeros: pruned all at once, they are the smallest.
func TestPruneAgain(t *testing.T) {
	base := t.TempDir()
	run(t, open(t, everything, pruned...), base, 1, 0)
	given, err := model.Load(filepath.Join(base, BestFile))
	if err != nil {
		t.Fatal(err)
	}
	want := zeros(t, given)
	tr := run(t, open(t, everything, "seed=9", "train.epochs=2", "train.init="+given.Path, "train.prune={sparsity: 0.59596, end: 0, exclude: [dense_2]}"), t.TempDir(), 1, 0)
	for name, list := range zeros(t, &model.File{State: tr.State()}) {
		if !slices.Equal(list, want[name]) {
			t.Errorf("%s: %v are zero, were %v", name, list, want[name])
		}
	}
}

func TestPruneCannotBeChanged(t *testing.T) {
	dir := t.TempDir()
	run(t, open(t, everything, pruned...), dir, 1, 5)
	last, err := model.Load(filepath.Join(dir, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	if tr, err := New(open(t, everything, "train.prune={sparsity: 0.7}", "train.epochs=8"), Options{Dir: t.TempDir(), Resume: last}); err == nil {
		tr.Close()
		t.Error("resumed with another sparsity")
	}
}
