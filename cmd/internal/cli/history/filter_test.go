package history

import (
	"os"
	"path/filepath"
	"testing"
)

// folder writes the folder of a run.
func folder(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Mkdir(dir, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

const sample = "name: a\nlayers:\n  - {type: dense, units: 16}\ntrain: {monitor: validation_loss}\n"

func TestFilters(t *testing.T) {
	r, err := Read(folder(t, map[string]string{
		"spec.yaml":     sample,
		"metrics.jsonl": "{}",
		"result.json":   `{"epochs":12,"validation":{"rows":9,"loss":0.5},"test":{"rows":9,"loss":1e-7,"accuracy":0.9,"confusion_matrix":[[1]]}}`,
	}))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]bool{
		"name=a": true, "name!=a": false, "epochs>9": true, "epochs<=9": false, "test_accuracy>=0.90": true, "test_loss<1e-6": true,
		"layers.0.units=16.0": true, "layers.0.units != 16": false, "layers.1.units=16": false, "layers.1.units!=16": true,
		"test_rows=9": false, "monitor=validation_loss": true,
	} {
		f, ok := ParseFilter(text)
		if !ok || f.Holds(r) != want {
			t.Errorf("%s: %v, want %v", text, !want, want)
		}
	}
	for _, text := range []string{"", "=1", "a", "a=", "a!1", ">"} {
		if _, ok := ParseFilter(text); ok {
			t.Errorf("%q is taken for a condition", text)
		}
	}
}

func TestWhatIsBetter(t *testing.T) {
	for name, want := range map[string]bool{
		"test_loss": false, "validation_accuracy": true, "test_species_f1": true, "test_mass_rmse": false, "test_top_3_accuracy": true,
		"train_roc_auc": true, "validation_log_loss": false,
	} {
		if HigherIsBetter(name) != want {
			t.Errorf("%s: higher is better: %v", name, !want)
		}
	}
}

// A run that did not come to its end has the figures of its best validation; of several runs, the figures are their means.
func TestReadsWhatThereIs(t *testing.T) {
	r, err := Read(folder(t, map[string]string{
		"spec.yaml": sample,
		"metrics.jsonl": `{"epoch":1,"validation":{"rows":9,"loss":0.5,"f1":0.7},"best":true}
{"epoch":2,"validation":{"rows":9,"loss":0.6,"f1":0.8}}
{"epoch":3,"valid`,
	}))
	if x, ok := r.Figures.Get("validation_f1"); err != nil || !ok || x != 0.7 || r.Epochs != 2 || r.BestEpoch != 1 || r.Done {
		t.Errorf("%+v, %v", r, err)
	}
	r, err = Read(folder(t, map[string]string{
		"spec.yaml": sample, "repeat.json": "{}",
		"result.json": `{"runs":[{"validation":{"rows":9,"loss":0.5,"f1":0.7}},{}],"figures":{"validation":{"f1":{"mean":0.6},"loss":{"mean":0.55}}}}`,
	}))
	if x, ok := r.Figures.Get("validation_f1"); err != nil || !ok || x != 0.6 || r.Runs != 2 || !r.Several || !r.Done {
		t.Errorf("%+v, %v", r, err)
	}
}
