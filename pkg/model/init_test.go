package model

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/pkg/graph/exec"
	"dnn/pkg/spec"
)

const peopleSpec = `
dataset:
  train: people.csv
  target: {column: kind, type: category}
layers:
  - {type: dense, units: 2, name: hidden}
  - {type: dense, units: 3, name: middle}
  - {type: dense, units: classes, name: out}
`

// openPeople opens a spec over rows in a folder of its own.
func openPeople(t *testing.T, text, rows string, set ...string) (*Job, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "people.csv"), []byte(rows), 0o666); err != nil {
		t.Fatal(err)
	}
	doc, err := spec.Parse(filepath.Join(dir, "spec.yaml"), []byte(text), set)
	if err != nil {
		t.Fatal(err)
	}
	return Open(doc)
}

// numbered writes the model of a job whose every number is its place in its tensor.
func numbered(t *testing.T, j *Job) string {
	t.Helper()
	state := exec.NewState()
	if err := j.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	for _, name := range state.Names() {
		for _, p := range pieces(state, name, name) {
			for i := range p.data.F {
				p.data.F[i] = float32(i + 1)
			}
		}
	}
	path := filepath.Join(t.TempDir(), "base.safetensors")
	if err := Save(path, &j.Network, state, nil); err != nil {
		t.Fatal(err)
	}
	return path
}

const (
	basePeople = "age,place,kind\n10,a,x\n20,b,y\n30,a,z\n"
	nextPeople = "place,size,age,kind\nb,5,100,z\na,6,300,w\nb,7,200,y\n"
)

// Without layers, what fits is taken: rows of the output by class, columns of the first layer by input, and the scaling of the
// columns that both have. The notes say what is not, and why.
func TestInitTakesWhatFits(t *testing.T) {
	base, err := openPeople(t, peopleSpec, basePeople)
	if err != nil {
		t.Fatal(err)
	}
	path := numbered(t, base)
	open := func(sets ...string) (*Job, map[string]piece, []float32) {
		j, err := openPeople(t, peopleSpec, nextPeople, sets...)
		if err != nil {
			t.Fatal(err)
		}
		f := &File{Net: &j.Network, State: exec.NewState()}
		if err := j.Bind(f.State, false); err != nil {
			t.Fatal(err)
		}
		b := j.Schema.NewBatch(3)
		if err := j.Data.Train.Fill(b, []int{0, 1, 2}); err != nil {
			t.Fatal(err)
		}
		return j, f.learned(), b.Floats[0]
	}
	_, drawn, anew := open()
	j, now, floats := open("train.init="+path, "layers.1.units=4")
	want := slices.Clone(drawn["hidden.weight"].data.F) // of a, b, size, age; there age, a, b
	for unit := range 2 {
		want[4*unit], want[4*unit+1], want[4*unit+3] = float32(3*unit+2), float32(3*unit+3), float32(3*unit+1)
	}
	if got := now["hidden.weight"].data.F; !slices.Equal(got, want) {
		t.Errorf("hidden.weight is %v, want %v", got, want)
	}
	if got := now["hidden.bias"].data.F; !slices.Equal(got, []float32{1, 2}) {
		t.Errorf("hidden.bias is %v", got)
	}
	// ages 10, 20, 30 have the mean 20 and the variance 66.7
	for row, age := range []float64{100, 300, 200} {
		if got, want := float64(floats[4*row+3]), (age-20)/8.16496580927726; got-want > 1e-4 || want-got > 1e-4 {
			t.Errorf("age %v is %v, want %v", age, got, want)
		}
		if floats[4*row+2] != anew[4*row+2] {
			t.Errorf("size is %v, want %v", floats[4*row+2], anew[4*row+2])
		}
	}
	said := strings.ReplaceAll(strings.Join(j.Beginning.Texts(), "\n"), path, "BASE")
	for _, want := range []string{
		"first values from BASE: hidden (3 of 4 inputs)",
		"first values of their own: middle (middle.bias is [3] in BASE and [4] here), out (out.weight is [3x3] in BASE and [3x4] here)",
		"preprocessing: scaled and numbered as in the model (place, age); fitted to the training split: size",
	} {
		if !strings.Contains(said, want) {
			t.Errorf("not said: %s\n%s", want, said)
		}
	}
	j, now, floats = open("train.init={model: " + path + ", preprocessing: data}")
	if !slices.Equal(floats, anew) {
		t.Error("preprocessing: data takes that of the model")
	}
	if got := now["out.bias"].data.F; got[0] != drawn["out.bias"].data.F[0] || got[1] != 2 || got[2] != 3 { // of w, y, z; there x, y, z
		t.Errorf("out.bias is %v", got)
	}
	if got, w := now["out.weight"].data.F, drawn["out.weight"].data.F; !slices.Equal(got, append(slices.Clone(w[:3]), 4, 5, 6, 7, 8, 9)) {
		t.Errorf("out.weight is %v", got)
	}
	if said := strings.Join(j.Beginning.Texts(), "\n"); !strings.Contains(said, ": hidden (3 of 4 inputs), middle, out (2 of 3 classes)") {
		t.Errorf("said %s", said)
	}
}

// What cannot be begun with is a mistake.
func TestInitMistakes(t *testing.T) {
	base, err := openPeople(t, peopleSpec, basePeople)
	if err != nil {
		t.Fatal(err)
	}
	path := numbered(t, base)
	garbage := filepath.Join(t.TempDir(), "garbage.safetensors")
	if err := os.WriteFile(garbage, []byte("no model at all, and long enough"), 0o666); err != nil {
		t.Fatal(err)
	}
	for sets, want := range map[string]string{
		"train.init=" + garbage: "train.init.model: ",
		"train.init=" + path + "|layers.0.name=a|layers.1.name=b|layers.2.name=c": "train.init: no layer of " + path + " fits: a (the model has no layer of that name), b (",
		"train.init={model: " + path + ", layers: [out]}|layers.1.units=4":        "train.init.layers[0]: out.weight is [3x3] in " + path + " and [3x4] here",
		"train.freeze=[hiden]":  `train.freeze[0]: no layer is called "hiden" (did you mean hidden?); the layers are: hidden, middle, out`,
		`train.freeze=["!out"]`: `train.freeze: names only layers that are to learn; ["*", "!out"] freezes all others`,
		`train.freeze=["*"]`:    "train.freeze: freezes all layers that have parameters: there is nothing to train",
		"train.init={model: " + path + ", preprocessing: none}": "train.init.preprocessing: ",
	} {
		_, err := openPeople(t, peopleSpec, nextPeople, strings.Split(sets, "|")...)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Count(err.Error(), "\n") > 0 {
			t.Errorf("%s: %v, want %s", sets, err, want)
		}
	}
}

// Frozen layers have no slots, and their parameters are no weights; patterns are globs, "!" takes layers out, and a block stands for
// those within it.
func TestFreeze(t *testing.T) {
	for pattern, want := range map[string]string{
		`["hidden"]`: "hidden", `["*", "!out"]`: "hidden, middle", `["[hm]*"]`: "hidden, middle", `[middle, "!out"]`: "middle",
	} {
		j, err := openPeople(t, peopleSpec, basePeople, "train.freeze="+pattern)
		if err != nil {
			t.Fatal(err)
		}
		state := exec.NewState()
		if err := j.Bind(state, true); err != nil {
			t.Fatal(err)
		}
		var frozen []string
		for _, p := range state.Params("frozen") {
			if strings.HasSuffix(p.Name, ".weight") {
				frozen = append(frozen, p.Layer)
			}
		}
		if got := strings.Join(frozen, ", "); got != want {
			t.Errorf("%s: frozen are %s, want %s", pattern, got, want)
		}
		said := strings.Join(j.Beginning.Texts(), "\n")
		if !strings.Contains(said, "frozen: "+want+"; ") || !strings.Contains(said, want+": frozen with random values") {
			t.Errorf("%s: said %s", pattern, said)
		}
	}
	j, err := openPeople(t, strings.Replace(peopleSpec, "{type: dense, units: 3, name: middle}", "{type: residual, name: block, layers: [{type: dense, units: 2, name: a}, {type: dense, units: 2, name: b}]}", 1),
		basePeople, `train.freeze=[block, "!block.b"]`)
	if err != nil {
		t.Fatal(err)
	}
	if said := strings.Join(j.Beginning.Texts(), "\n"); !strings.Contains(said, "frozen: block.a; ") {
		t.Errorf("said %s", said)
	}
}
