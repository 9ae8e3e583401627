package prune_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/pkg/compress/compresstest"
	"dnn/pkg/compress/prune"
	"dnn/pkg/model"
	"dnn/pkg/pruning"
	"dnn/pkg/weights"
)

const text = `
name: sparse
dataset: {format: synthetic, generator: spirals, rows: 60}
layers:
  - {type: dense, units: 40, activation: relu}
  - {type: dense, units: 64, activation: relu}
  - {type: dense, units: classes}
`

// trained is a model after few steps of training.
func trained(t *testing.T) *model.File {
	t.Helper()
	f, _ := compresstest.Spec(t, text)
	path := filepath.Join(t.TempDir(), "model.safetensors")
	if err := model.Save(path, f.Net, f.State, nil); err != nil {
		t.Fatal(err)
	}
	return load(t, path)
}

func load(t *testing.T, path string) *model.File {
	t.Helper()
	f, err := model.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// A pruned model is small, and comes back from its file with the weights that are left.
func TestApply(t *testing.T) {
	f := trained(t)
	pruned, err := prune.Apply(f, pruning.Settings{Sparsity: 0.8, Exclude: []string{"dense_3"}})
	if err != nil {
		t.Fatal(err)
	}
	small, report, err := prune.Store(pruned, false)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "small.safetensors")
	if err := model.Save(path, small.Net, small.State, nil); err != nil {
		t.Fatal(err)
	}
	before, err := f.Parameters()
	if err != nil {
		t.Fatal(err)
	}
	after, err := load(t, path).Parameters()
	if err != nil {
		t.Fatal(err)
	}
	zeros := 0
	for name, p := range before {
		for i, x := range after[name].Values {
			switch {
			case x == 0 && p.Values[i] != 0 && p.Shape.Rank() == 2:
				zeros++
			case x != p.Values[i]:
				t.Fatalf("%s[%d] was %v and is %v", name, i, p.Values[i], x)
			}
		}
	}
	if want := (2*40 + 40*64) * 8 / 10; zeros != want {
		t.Errorf("%d weights became zero, want %d", zeros, want)
	}
	if _, ok := small.Net.Forms.Of["dense_2.weight"].(*weights.Sparse); !ok || len(report.Parameters) != 3 || report.Weights-report.NonZeros != zeros {
		t.Errorf("forms %v, report %+v", small.Net.Forms.Names(), report)
	}
	if a, b := size(t, path), size(t, f.Path); a > b*6/10 {
		t.Errorf("the file has %d bytes, before %d", a, b)
	}
}

func size(t *testing.T, path string) int64 {
	t.Helper()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info.Size()
}

func TestMistakes(t *testing.T) {
	f := trained(t)
	for want, s := range map[string]pruning.Settings{
		"prunes all weights away":                  {Sparsity: 1},
		"expects either sparsity or pattern":       {},
		`no layer matches "dense_9"`:               {Sparsity: 0.5, Layers: []string{"dense_9"}},
		"there is nothing to prune":                {Sparsity: 0.5, Exclude: []string{"*"}},
		"leaves none of the 80 weights of dense_1": {Sparsity: 0.9999, Scope: "layer"},
	} {
		if _, err := prune.Apply(f, s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
	pruned, err := prune.Apply(f, pruning.Settings{Sparsity: 0.8})
	if err != nil {
		t.Fatal(err)
	}
	small, _, err := prune.Store(pruned, false)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := prune.Apply(small, pruning.Settings{Sparsity: 0.9}); err == nil || !strings.Contains(err.Error(), "in other forms already") {
		t.Errorf("%v", err)
	}
}
