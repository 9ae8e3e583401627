package stream

import (
	"errors"
	"fmt"
	"math"
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// History is a table whose rows follow one another, or make up rows of the dataset, with its series encoded.
type History struct {
	Schema  *dataset.Schema
	Table   *table.Table
	Cells   [][]uint32                 // parallel to the inputs: the steps of all rows of the table; nil for inputs that are no series of rows
	Bad     map[int32]*record.RowError // rows of the table in which a step cannot be read
	Past    *dataset.Past              // nil unless the target is a series
	foreign []bool                     // by group: training never saw it, and no input shows that; nil if there is none
}

// NewHistory brings the rows of a table into order and encodes its series. The error is of the table as a whole.
// ahead is how many steps after the last row of each series need the calendar.
func NewHistory(s *dataset.Schema, t *table.Table, withTarget bool, ahead int) (*History, error) {
	var first error
	bad := func(_, format string, args ...any) {
		if first == nil {
			first = fmt.Errorf(format, args...)
		}
	}
	how := s.Order()
	if how.ID != "" {
		t.Collapse(&how, func(col string) bool { return s.Stepwise(col, withTarget) }, bad)
	} else if t.Time == nil {
		t.Arrange(&how, true, bad)
	}
	if first == nil && t.Time != nil {
		first = t.Extend(&how, ahead)
	}
	if first != nil {
		return nil, first
	}
	h := &History{Schema: s, Table: t, Bad: map[int32]*record.RowError{}, Past: s.PastOf(t)}
	if !slices.Contains(s.Columns(), how.Group) {
		h.foreign = UnseenGroups(s, t)
	}
	for i := range s.Inputs {
		e, ok := s.Inputs[i].Encoder.(column.RowSteps)
		if !ok || !e.Where().Rows() {
			h.Cells = append(h.Cells, nil)
			continue
		}
		for _, name := range s.Inputs[i].Columns { // one of the calendar is there only if there are dates
			if t := h.steps(); t.Column(name) == nil {
				return nil, errors.New(record.NoColumn(t.Header, name))
			}
		}
		h.Cells = append(h.Cells, h.encode(s.Inputs[i].StepEncoder, h.steps(), s.Inputs[i].Columns))
	}
	return h, nil
}

// steps is the table with a row for each step.
func (h *History) steps() *table.Table {
	if h.Table.Long != nil {
		return h.Table.Long.Steps
	}
	return h.Table
}

// encode encodes all rows as steps. Those that cannot be are noted.
func (h *History) encode(e column.SequenceEncoder, t *table.Table, names []string) []uint32 {
	var columns []*table.Column
	for _, name := range names {
		columns = append(columns, t.Column(name))
	}
	cells := make([]uint32, 0, t.Rows*e.StepCells())
	fields := make([]string, len(columns))
	for row := range int32(t.Rows) {
		for k, c := range columns {
			fields[k] = c.Field(row)
		}
		step, err := dataset.EncodeSteps(e, fields, cells)
		if err != nil {
			fe := dataset.AsFieldError(err)
			h.Bad[row] = &record.RowError{Line: int(t.Line(row)), Column: names[fe.Field], Text: fe.Text, Gap: fields[fe.Field] == ""}
			for k := range e.StepCells() { // the others may be sound, but the row is not used
				step = append(step[:int(row)*e.StepCells()+k], column.GapCell)
			}
		}
		cells = step[:int(row+1)*e.StepCells()]
	}
	return cells
}

// series appends the steps of an input of a row; ok is false when it is no series of rows.
func (h *History) series(input int, row int32, cells []uint32) (_ []uint32, ok bool, err *record.RowError) {
	if h.Cells[input] == nil {
		return cells, false, nil
	}
	e := h.Schema.Inputs[input].StepEncoder
	offset, steps, window := e.(column.RowSteps).Window()
	var from, to int32
	if !window {
		from, to = h.Table.Long.Range(row)
		if err := h.Schema.TooShort(input, int(to-from)); err != nil {
			return cells, true, &record.RowError{Text: err.Error()}
		}
	} else {
		from = row + int32(offset)
		to = from + int32(steps)
		if begin, end := h.Table.Time.Range(row); from < begin || to > end {
			return cells, true, &record.RowError{NoHistory: true, Text: fmt.Sprintf("its window of %s reaches beyond the rows", phrase.Count(steps, "row"))}
		}
	}
	for r := from; r < to; r++ {
		if b := h.Bad[r]; b != nil {
			return cells, true, &record.RowError{Column: b.Column, Text: fmt.Sprintf("line %d, which is in its window, cannot be used: %s", b.Line, b.Text)}
		}
	}
	w := int32(e.StepCells())
	return append(cells, h.Cells[input][from*w:to*w]...), true, nil
}

// ready reports whether a row has all rows before and after it that its inputs and its target need.
func (h *History) ready(row int32) bool {
	if h.Table.Long != nil {
		return true
	}
	begin, end := h.Table.Time.Range(row)
	if int(row)+max(1, h.Schema.Heads.Horizon()) > int(end) {
		return false
	}
	for i := range h.Schema.Inputs {
		if offset, _, ok := Window(&h.Schema.Inputs[i]); ok && int(row)+offset < int(begin) {
			return false
		}
	}
	return true
}

// Known reports whether one of the target's columns has a value in a row.
func Known(p *dataset.Past, row int32) bool {
	return slices.ContainsFunc(p.Values, func(v []float64) bool { return !math.IsNaN(v[row]) })
}

// Window is the rows that make up an input of a row, counted from it; ok is false where it has no window.
func Window(in *dataset.Input) (offset, steps int, ok bool) {
	if e, is := in.Encoder.(column.RowSteps); is {
		return e.Window()
	}
	return 0, 0, false
}
