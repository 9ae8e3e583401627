package dataset

import (
	"slices"

	"dnn/pkg/dataset/column"
)

// Target is what is to be predicted.
type Target struct {
	// Kind is "number" (regression), "binary" (one or several labels) or "category" (one of several classes).
	Kind string `json:"kind"`
	// Names are the target columns: one for each number or label, one for a category; of a series one for each step.
	Names []string `json:"names"`
	// Classes are the classes of a category in their order; of a single binary, its negative and its positive word.
	Classes []string `json:"classes,omitempty"`
	// Width is how many numbers the net has to put out for a row: targets, labels, or classes. Batch.Target has so many
	// for a row of numbers or labels; Batch.Classes has one for a row of a category.
	Width int `json:"width"`
	// NaiveErrors are, by season, the mean absolute errors that the seasonal naive forecast has in the training part, one for
	// each column of series; those of the seasons that the metrics need (Data.WithNaiveErrors).
	NaiveErrors map[int][]float64 `json:"naive_errors,omitempty"`
	// Columns are the fitted columns, parallel to Names.
	Columns []column.TargetColumn `json:"columns"`
	// StepsOf names the input for each step of which there is an answer; "" where there is one answer a row.
	StepsOf string `json:"steps_of,omitempty"`
	// Separate says that each column is a head of its own, of any kind; else all are one head. Kind, Classes and Width are
	// then those of the first.
	Separate bool `json:"separate,omitempty"`

	Block  int   `json:"-"` // that of the input
	Tagged []int `json:"-"` // the columns that have a label for each step
	offset int   // of the columns of one of several heads, its place among all
}

// byHead is the target of each head.
func (t *Target) byHead() (list []*Target) {
	t.Tagged = nil
	for i, c := range t.Columns {
		if _, ok := c.Encoder.(column.StepTarget); ok {
			t.Tagged = append(t.Tagged, i)
		}
	}
	if !t.Separate {
		return []*Target{t}
	}
	for i := range t.Columns {
		one := &Target{Names: t.Names[i : i+1], Columns: t.Columns[i : i+1], offset: i}
		if one.settle(); slices.Contains(t.Tagged, i) {
			one.StepsOf, one.Block = t.StepsOf, t.Block
		}
		list = append(list, one)
	}
	return list
}

// settle fills in what follows from the columns.
func (t *Target) settle() {
	t.Kind = t.Columns[0].Encoder.Kind()
	t.Width = len(t.Columns)
	t.Classes = nil
	switch e := t.Columns[0].Answer().(type) {
	case column.Classed:
		t.Classes = e.ClassNames()
		t.Width = len(t.Classes)
	case column.TwoWords:
		if len(t.Columns) == 1 {
			negative, positive := t.Words(0)
			t.Classes = []string{negative, positive}
		}
	}
}

// Words names no and yes of label i of a binary target.
func (t *Target) Words(i int) (negative, positive string) {
	return t.Columns[i].Answer().(column.TwoWords).Words()
}

// Own brings a number that the net put out for target i into the target's own unit.
func (t *Target) Own(i int, v float64) float64 {
	if s, ok := t.Columns[i].Scaling(); ok {
		return s.Undo(v)
	}
	return v
}

// Scaled reports whether Own changes anything.
func (t *Target) Scaled() bool {
	for _, c := range t.Columns {
		if s, ok := c.Scaling(); ok && s != (column.Scaling{Scale: 1}) {
			return true
		}
	}
	return false
}

// Decode brings rows of Width numbers, predicted or true, into the targets' own units. dst and src may have any length
// that is a multiple of Width.
func (t *Target) Decode(dst []float64, src []float32) {
	scaled := t.Scaled()
	for i, v := range src {
		dst[i] = float64(v)
		if scaled {
			dst[i] = t.Own(i%t.Width, dst[i])
		}
	}
}
