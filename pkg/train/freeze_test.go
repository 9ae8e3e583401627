package train

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/model"
)

// frozenSpec has all that could change what is frozen: weight decay, an average, statistics of batches, accumulation.
var frozenSpec = strings.NewReplacer("layers:\n  - {type: dense, units: 9, activation: tanh}\n  - batch_norm", "layers:\n  - {type: dense, units: 9, activation: tanh, name: first}\n  - {type: batch_norm, name: norm}").Replace(everything)

// A training that begins with a model leaves what is frozen as it was there, to the bit, and has no slots for it; it is resumed
// without the model, and ends in the bits of one that was not stopped.
func TestFrozenLayersStay(t *testing.T) {
	base := t.TempDir()
	run(t, open(t, frozenSpec, "train.epochs=2"), base, 1, 0)
	given, err := model.Load(filepath.Join(base, BestFile))
	if err != nil {
		t.Fatal(err)
	}
	sets := []string{"seed=8", "train.epochs=3", "train.init=" + given.Path, "train.freeze=[first, norm]"}
	dir := t.TempDir()
	tr := run(t, open(t, frozenSpec, sets...), dir, 1, 0)
	all := valuesOf(given)
	for name, values := range valuesOf(&model.File{State: tr.State()}) {
		stays := strings.HasPrefix(name, "first.") || strings.HasPrefix(name, "norm.")
		switch want := all[name]; {
		case stays && !slices.Equal(values, want):
			t.Errorf("%s changed", name)
		case !stays && want != nil && slices.Equal(values, want):
			t.Errorf("%s did not change", name)
		}
	}
	for _, name := range tr.State().Names() {
		if strings.Contains(name, "exp_avg") && len(tr.State().Data(name)) != len(tr.State().Data(model.VarWeights)) {
			t.Errorf("%s has %d numbers", name, len(tr.State().Data(name)))
		}
	}
	trained := 0
	for _, p := range tr.State().Params(model.VarWeights) {
		trained += p.Shape.Size()
	}
	if trained != 90+20 { // of the residual block and the last layer
		t.Errorf("%d weights are trained", trained)
	}
	stopped := t.TempDir()
	run(t, open(t, frozenSpec, sets...), stopped, 1, 7)
	if !slices.Equal(weightBits(run(t, open(t, frozenSpec, sets...), stopped, 2, 0)), weightBits(tr)) {
		t.Error("stopped and resumed: other bits")
	}
	if read(t, dir, MetricsFile) != read(t, stopped, MetricsFile) {
		t.Error("stopped and resumed: another log")
	}
	last, err := model.Load(filepath.Join(stopped, LastFile))
	if err != nil {
		t.Fatal(err)
	}
	if tr, err := New(open(t, frozenSpec, "seed=8", "train.freeze=[first]"), Options{Dir: t.TempDir(), Resume: last}); err == nil {
		tr.Close()
		t.Error("resumed with other layers frozen")
	}
}

// valuesOf are the parameters and statistics of a model by name.
func valuesOf(f *model.File) map[string][]float32 {
	all := map[string][]float32{}
	for _, name := range f.State.Names() {
		if params := f.State.Params(name); params != nil {
			for _, p := range params {
				all[p.Name] = f.State.Data(name)[p.Offset : p.Offset+p.Shape.Size()]
			}
		} else if strings.Contains(name, "running") {
			all[name] = f.State.Data(name)
		}
	}
	return all
}
