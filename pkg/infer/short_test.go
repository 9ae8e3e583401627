package infer

import (
	"slices"
	"testing"

	"dnn/internal/parallel"
	"dnn/pkg/graph/exec"
)

const shortSpec = `
dataset:
  train: words.csv
  inputs: [{column: word, type: text, tokenizer: char}]
  target: {column: w, type: number}
layers:
  - {type: embedding, size: 5}
  - {type: conv1d, filters: 4, kernel: 3}
  - {type: max_pool1d, size: 2}
  - global_max_pool1d
  - {type: dense, units: 1}
train: {batch_size: 4}
`

// Rows that are shorter than the net's windows are predicted alone as they are next to longer ones.
func TestRowsShorterThanWindows(t *testing.T) {
	j := mustOpen(t, shortSpec, wordRows)
	state, pool := exec.NewState(), parallel.New(1)
	defer pool.Close()
	predictions := func(rows ...int) []float32 {
		r := NewRunner(&j.Network, state, pool, false)
		if err := j.Data.Train.Fill(r.Batch(), rows); err != nil {
			t.Fatal(err)
		}
		out, err := r.Run()
		if err != nil {
			t.Fatal(err)
		}
		return slices.Clone(out[0].Prediction)
	}
	together := predictions(0, 1, 2, 3, 4)
	for row := range 5 {
		if alone := predictions(row); alone[0] != together[row] {
			t.Errorf("row %d: %v alone, %v beside others", row, alone[0], together[row])
		}
	}
}
