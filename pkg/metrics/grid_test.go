package metrics

import (
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"dnn/pkg/task"
)

// TestGrid: counts are the same whether all cells are kept or those that are used.
func TestGrid(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	dense, sparse := newGrid(7), grid{n: 7, sparse: make([]map[int]float64, 7)}
	for range 30 {
		row, column, w := r.IntN(7), r.IntN(7), r.Float64()
		dense.add(row, column, w)
		sparse.add(row, column, w)
	}
	var memory []float64
	for i := range 7 {
		if memory = sparse.row(i, memory); !slices.Equal(memory, dense.row(i, nil)) {
			t.Errorf("row %d is %v, want %v", i, memory, dense.row(i, nil))
		}
	}
}

// TestVocabularies: metrics of tokens take no memory for each pair of them.
func TestVocabularies(t *testing.T) {
	const n = 200_000
	head := task.Head{Kind: task.Category, Classes: make([]string, n), Axis: &task.Axis{Of: "en", Generated: true}}
	for i := range head.Classes {
		head.Classes[i] = strconv.Itoa(i)
	}
	b := Batch{Rows: 2, Pred: make([]float64, 2*n), Class: []int{n - 1, 5}, Steps: []int{2}}
	b.Pred[n-1], b.Pred[n+6] = 1, 1
	for text, want := range map[string]float64{"accuracy": 0.5, "token_accuracy": 0.5, "sequence_accuracy": 0} {
		if got := compute(parse(t, text)[0], head, b).Value; got != want {
			t.Errorf("%s is %v, want %v", text, got, want)
		}
	}
}
