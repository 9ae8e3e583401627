// Package compresstest has models for the tests of packages that make them smaller.
package compresstest

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/model"
	"dnn/pkg/spec"
)

// Spec makes a model of a spec with random weights and statistics, away from those that a training begins with. text is that of
// a spec in configs/, or the name of such.
func Spec(t *testing.T, text string, set ...string) (*model.File, *model.Job) {
	t.Helper()
	dir := filepath.Join(root(t), "configs")
	if !strings.Contains(text, "\n") {
		data, err := os.ReadFile(filepath.Join(dir, text+".yaml"))
		if err != nil {
			t.Fatal(err)
		}
		text = string(data)
	}
	doc, err := spec.Parse(filepath.Join(dir, "test.yaml"), []byte(text), set)
	if err != nil {
		t.Fatal(err)
	}
	job, err := model.Open(doc)
	if err != nil {
		t.Fatal(err)
	}
	state := exec.NewState()
	if err := job.Network.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 2))
	for _, name := range state.Names() {
		data := state.Data(name)
		for i := range data {
			if data[i] += float32(0.1 * r.NormFloat64()); state.Class(name) == graph.State {
				data[i] = float32(0.5 + r.Float64())
			}
		}
	}
	return &model.File{Path: "test.safetensors", Net: &job.Network, State: state}, job
}

// Predictions are those of the first rows of the training split, of each head.
func Predictions(t *testing.T, f *model.File, job *model.Job, rows int) (all []float32) {
	t.Helper()
	pool := parallel.New(1)
	defer pool.Close()
	r := infer.NewRunner(f.Net, f.State, pool, false)
	if _, err := job.Data.Train.FillFrom(r.Batch(), 0, rows); err != nil {
		t.Fatal(err)
	}
	heads, err := r.Run()
	if err != nil {
		t.Fatal(err)
	}
	for _, h := range heads {
		all = append(all, slices.Clone(h.Prediction)...)
	}
	return all
}

// Far is how far two lists of predictions are apart, of the largest in the first.
func Far(a, b []float32) (most float64) {
	if len(a) != len(b) || len(a) == 0 {
		return math.Inf(1)
	}
	scale := 0.0
	for i := range a {
		most, scale = max(most, math.Abs(float64(a[i]-b[i]))), max(scale, math.Abs(float64(a[i])))
	}
	return most / scale
}

// root is the folder of the repository.
func root(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		dir = filepath.Dir(dir)
	}
	t.Fatal("the repository is not found")
	return ""
}
