package dataset

import (
	"strings"

	"dnn/pkg/dataset/column"
)

// Horizon is how many steps are predicted at once, 0 unless the target is a series.
func (t *Target) Horizon() int {
	if e, ok := t.first(); ok {
		return e.Steps()
	}
	return 0
}

// Season is after how many steps the target repeats itself, 0 where that is not known.
func (t *Target) Season() int {
	if e, ok := t.first(); ok {
		return e.SeasonSteps()
	}
	return 0
}

func (t *Target) first() (column.Ahead, bool) {
	if len(t.Columns) == 0 {
		return nil, false
	}
	e, ok := t.Columns[0].Encoder.(column.Ahead)
	return e, ok
}

// Column tells which column target i reads, and how many rows after its own.
func (t *Target) Column(i int) (name string, ahead int) {
	if e, ok := t.Columns[i].Encoder.(column.Ahead); ok {
		return e.Source()
	}
	return t.Names[i], 0
}

// Sources lists the columns that the targets read, each once.
func (t *Target) Sources() (names []string) {
	for i := range t.Columns {
		if name, ahead := t.Column(i); ahead == 0 {
			names = append(names, name)
		}
	}
	return names
}

// Series lists the columns of a target of series, each once.
func (t *Target) Series() []string { return t.Sources() }

// source is the place in sources of what target i reads.
func (t *Target) source(i int) int {
	if e, ok := t.Columns[i].Encoder.(column.Ahead); ok {
		return i / e.Steps() // all have the same
	}
	return i
}

// ahead is how many rows after its own target i stands.
func (t *Target) ahead(i int) int32 {
	_, ahead := t.Column(i)
	return int32(ahead)
}

// addSteps adds all steps of a fitted series to the target.
func (t *Target) addSteps(e column.Ahead) {
	for k := range e.Steps() {
		step := e.At(k)
		t.Names, t.Columns = append(t.Names, step.(column.Ahead).StepName()), append(t.Columns, column.TargetColumn{Encoder: step})
	}
}

// Join writes the answers to the steps of a row as the field of target column k lists them.
func (t *Target) Join(k int, answers []string) string {
	if e, ok := t.Columns[k].Encoder.(column.Joined); ok {
		return e.Join(answers)
	}
	return strings.Join(answers, " ")
}
