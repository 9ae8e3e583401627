package model

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

// trainSection adds a section to tableSpec.
const trainSection = "name: out}\n => name: out}\ntrain: "

const tableSpec = `
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: kind, type: category}
layers:
  - {type: embedding, size: 2, name: letters}
  - {type: conv1d, filters: 3, kernel: 1, name: mix}
  - {type: batch_norm, name: norm}
  - {type: global_max_pool1d}
  - {type: dense, units: classes, name: out}
`

// trained writes the model of a spec whose every number is its place in its tensor.
func trained(t *testing.T, rows string, set ...string) string {
	t.Helper()
	j := mustOpen(t, tableSpec, rows, set...)
	state := exec.NewState()
	if err := j.Bind(state, true); err != nil {
		t.Fatal(err)
	}
	for _, name := range state.Names() {
		for _, p := range pieces(state, name, name) {
			for i := range p.data.F {
				p.data.F[i] = float32(i + 1)
				if name == VarAverage {
					p.data.F[i]++
				}
			}
		}
	}
	path := filepath.Join(t.TempDir(), "base.safetensors")
	if err := Save(path, &j.Network, state, struct{}{}); err != nil {
		t.Fatal(err)
	}
	return path
}

// begun is what the layers of a spec begin with, by name, and the notes on it.
func begun(t *testing.T, rows string, set ...string) (map[string]piece, []string) {
	t.Helper()
	j := mustOpen(t, tableSpec, rows, set...)
	f := &File{Net: &j.Network, State: exec.NewState()}
	if err := j.Bind(f.State, true); err != nil {
		t.Fatal(err)
	}
	if avg := f.State.Data(VarAverage); avg != nil && !slices.Equal(avg, f.State.Data(VarWeights)) {
		t.Error("the moving average begins with other values than the weights")
	}
	return f.learned(), j.Beginning.Texts()
}

const (
	baseRows = "word,kind\nab,x\nba,y\nabc,x\n"        // the letters a, b, c
	nextRows = "word,kind\nbd,x\ndb,y\ndbbd,x\nda,y\n" // the letters d, b, a
)

// Layers begin with what they learned: parameters, and states such as running means; letters where they are in the other vocabulary.
func TestInitTakesLayers(t *testing.T) {
	path := trained(t, baseRows)
	drawn, none := begun(t, nextRows)
	if len(none) > 0 {
		t.Errorf("nothing is taken, and said is %q", none)
	}
	now, said := begun(t, nextRows, trainSection+"{weight_average: {decay: 0.5}, init: {model: "+path+", layers: [letters, norm]}}\n")
	want := map[string][]float32{
		"letters.table":         {1, 2, 3, 4, 0, 0, 7, 8, 5, 6}, // padding, unknown, d, b, a
		"norm.gamma":            {1, 2, 3},
		"norm.beta":             {1, 2, 3},
		"norm.running_mean":     {1, 2, 3},
		"norm.running_variance": {1, 2, 3},
		"mix.weight":            drawn["mix.weight"].data.F,
		"out.weight":            drawn["out.weight"].data.F,
		"norm.none_of_these":    nil,
	}
	copy(want["letters.table"][4:6], drawn["letters.table"].data.F[4:6]) // d is new
	for name, values := range want {
		if got := now[name].data.F; !slices.Equal(got, values) {
			t.Errorf("%s is %v, want %v", name, got, values)
		}
	}
	if all := strings.Join(said, "\n"); !strings.HasSuffix(all, "base.safetensors: letters (2 of 3 words), norm\nfirst values of their own: mix, out") {
		t.Errorf("said %q", said)
	}
}

// Where a model has a moving average of its weights, that is taken: it is what was scored.
func TestInitTakesAverages(t *testing.T) {
	path := trained(t, baseRows, trainSection+"{weight_average: {decay: 0.5}}\n")
	now, said := begun(t, baseRows, trainSection+"{init: "+path+"}\n")
	if got := now["out.bias"].data.F; !slices.Equal(got, []float32{2, 3}) {
		t.Errorf("out.bias is %v, want that of the average", got)
	}
	if len(said) != 2 || !strings.HasSuffix(said[0], ": letters, mix, norm, out") {
		t.Errorf("said %q", said)
	}
}

// A training that is resumed, and a model, read no other file.
func TestBeginningIsReadOnce(t *testing.T) {
	missing := strings.Replace(tableSpec, "name: letters", "name: letters, from: missing.txt", 1) + "train: {init: missing.safetensors}\n"
	if _, err := openText(t, missing, baseRows); err == nil || len(err.(*spec.Error).Mistakes) != 2 {
		t.Errorf("opened: %v", err)
	}
	if _, err := openText(t, strings.Replace(missing, ", from: missing.txt", "", 1), baseRows); err == nil || !strings.Contains(err.Error(), "train.init.model: ") {
		t.Errorf("opened: %v", err)
	}
	dir := t.TempDir()
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(missing), nil)
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(dir, "deep")
	if err := errors.Join(os.WriteFile(filepath.Join(dir, "words.csv"), []byte(baseRows), 0o666), os.Mkdir(deep, 0o777)); err != nil {
		t.Fatal(err)
	}
	j, err := OpenToResume(doc, nil)
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	if err := j.Bind(state, true); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(deep, "model.safetensors")
	if err := Save(path, &j.Network, state, nil); err != nil {
		t.Fatal(err)
	}
	f, err := Load(path)
	if err != nil {
		t.Fatal(err)
	}
	text, err := f.Net.SpecFor("")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"file: ../missing.txt", "model: ../missing.safetensors", "train: [../words.csv]"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the model's spec lacks %q:\n%s", want, text)
		}
	}
}
