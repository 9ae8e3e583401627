package metrics

import (
	"fmt"

	"dnn/pkg/task"
)

// Batch is some rows of predictions with their labels. Slices are row-major, belong to the caller, and are not kept.
type Batch struct {
	Rows   int
	Pred   []float64 // numbers: [rows,targets] in the target's unit; binary: [rows] probability of the positive class; category: [rows,classes] and labels: [rows,labels] probabilities
	Class  []int     // category: true class of each row; binary: 0 or 1
	Labels []float64 // numbers: [rows,targets]; labels: [rows,labels] of 0 and 1
	Weight []float64 // nil, or one per row, not negative
	Steps  []int     // of heads along a sequence: how many of the rows each sequence has, which follow one another
}

// check panics when the batch does not have the task's shape: that is a mistake of the program. It guards against wrong
// numbers, which would go unnoticed.
func checkBatch(t task.Head, b Batch) {
	want := func(what string, got, n int) {
		if got != n {
			panic(fmt.Sprintf("metrics: a %s batch of %d rows has %d %s, want %d", t.Kind, b.Rows, got, what, n))
		}
	}
	want("predictions", len(b.Pred), b.Rows*columns(t))
	if t.Kind == task.Number || t.Kind == task.Labels {
		want("true values", len(b.Labels), b.Rows*columns(t))
	} else {
		want("true classes", len(b.Class), b.Rows)
		for i, class := range b.Class {
			if class < 0 || class >= len(labels(t)) {
				panic(fmt.Sprintf("metrics: row %d of a batch is of class %d, want one of %d", i, class, len(labels(t))))
			}
		}
	}
	if b.Weight != nil {
		want("weights", len(b.Weight), b.Rows)
	}
	if t.Sequence() {
		all := 0
		for _, n := range b.Steps {
			all += n
		}
		want("steps", all, b.Rows)
	}
}

// weight returns the weight of row i.
func (b Batch) weight(i int) float64 {
	if b.Weight == nil {
		return 1
	}
	return b.Weight[i]
}
