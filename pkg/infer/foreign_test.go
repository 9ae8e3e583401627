package infer

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
)

// foreignNet is a net of another program: its file of weights, the layers that it is here, and what it predicts.
type foreignNet struct {
	File, Layout, Layers string
	Rows, Want           [][]float64
}

// Nets with the weights of PyTorch and Keras predict what these do.
func TestForeignWeights(t *testing.T) {
	files, err := filepath.Glob("../../testdata/weights/*.json")
	if err != nil || len(files) == 0 {
		t.Fatal("there are no nets", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var net foreignNet
			if err := json.Unmarshal(text, &net); err != nil {
				t.Fatal(err)
			}
			got := predictForeign(t, &net, filepath.Dir(file))
			for i, row := range net.Want {
				for k, want := range row {
					if x := got[i*len(row)+k]; math.Abs(float64(x)-want) > 1e-5*max(1, math.Abs(want)) {
						t.Errorf("row %d: predicts %v, want %v", i, got[i*len(row):(i+1)*len(row)], row)
						break
					}
				}
			}
		})
	}
}

// predictForeign predicts the rows of a net with its weights.
func predictForeign(t *testing.T, net *foreignNet, dir string) []float32 {
	t.Helper()
	path, err := filepath.Abs(filepath.Join(dir, net.File))
	if err != nil {
		t.Fatal(err)
	}
	var names, rows []string
	for i := range net.Rows[0] {
		names = append(names, fmt.Sprintf("x%d", i))
	}
	rows = append(rows, strings.Join(names, ",")+",y0,y1")
	for _, r := range net.Rows {
		rows = append(rows, strings.Trim(strings.ReplaceAll(fmt.Sprint(r), " ", ","), "[]")+",1,2")
	}
	j := mustOpen(t, `
dataset:
  path: words.csv
  inputs: [{name: x, columns: "x*", type: number, normalize: none}]
  target: [{column: y0, type: number, normalize: none}, {column: y1, type: number, normalize: none}]
  split: {validation: 0}
layers: `+net.Layers+`
train: {batch_size: 3, init: {from: `+path+`, layout: `+net.Layout+`}}
`, strings.Join(rows, "\n")+"\n")
	state, pool := exec.NewState(), parallel.New(1)
	defer pool.Close()
	if err := j.Bind(state, false); err != nil {
		t.Fatal(err)
	}
	r := NewRunner(&j.Network, state, pool, false)
	if err := j.Data.Train.Fill(r.Batch(), []int{0, 1, 2}); err != nil {
		t.Fatal(err)
	}
	out, err := r.Run()
	if err != nil {
		t.Fatal(err)
	}
	return out[0].Prediction
}
