package table

import (
	"slices"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/record"
)

// LongTable is a table with one row per step of a sequence; the dataset's rows are ids.
type LongTable struct {
	Steps *Table  // sorted: the rows of each id are adjacent
	From  []int32 // the first step of each id, and the end
}

// Range returns the steps of an id.
func (l *LongTable) Range(id int32) (from, to int32) { return l.From[id], l.From[id+1] }

// Counts reports whether a column of numbers rises evenly with the steps of each id, as a step number or a time does.
func (l *LongTable) Counts(c *Column) bool {
	some := false
	for id := range int32(len(l.From) - 1) {
		from, to := l.Range(id)
		at := make([]float64, 0, to-from)
		for row := from; row < to; row++ {
			x, ok := c.Number(row)
			if !ok {
				return false
			}
			at = append(at, x)
		}
		if _, even := (&dates.TimeFormat{}).FrequencyOf(at); !even && len(at) > 2 {
			return false
		}
		some = some || len(at) > 2
	}
	return some
}

// Columns are the columns of the same names that have one row per step.
func (l *LongTable) Columns(of []*Column) (list []*Column) {
	columns := ByName(l.Steps)
	for _, c := range of {
		list = append(list, columns[c.Name])
	}
	return list
}

// Collapse turns all rows of an id into one row of the table. Its columns have the fields of the id's first row; only
// the columns in stepwise may differ in the other rows.
func (t *Table) Collapse(how *Ordering, stepwise func(column string) bool, bad func(key, format string, args ...any)) {
	compose(t, how, bad)
	steps := *t
	steps.Columns = slices.Clone(t.Columns)
	group := Ordering{Group: how.ID, OrderBy: how.OrderBy, Parts: how.Parts, Layout: how.Layout, Format: how.Format, Numbers: how.Numbers}
	if t.Column(how.ID) == nil {
		bad("sequence_id", "%s", record.NoColumn(t.Header, how.ID))
	}
	steps.Arrange(&group, false, func(key, format string, args ...any) {
		if key != "group" {
			bad(key, format, args...)
		}
	})
	how.Layout = group.Layout
	t.Long = &LongTable{&steps, steps.Time.Starts}
	if steps.Rows == 0 { // a table of a stream, whose time index has a group without rows
		t.Long.From = []int32{0}
	}
	first := t.Long.From[:len(t.Long.From)-1]
	if len(steps.Lines) > 0 {
		t.Lines = pick(steps.Lines, first)
	}
	switch {
	case t.Whole: // ids are in the order of their files
		t.Sources = t.Names()
	case steps.Sources != nil:
		t.Sources = pick(steps.Sources, first)
	case len(steps.Files) > 1:
		for _, row := range first {
			t.Sources = append(t.Sources, steps.Place(row))
		}
	}
	t.Rows = len(first)
	for i, c := range steps.Columns {
		t.Columns[i] = c.picked(first)
		if !stepwise(c.Name) && t.Column(how.ID) != nil {
			t.checkConstant(c, how.ID, bad)
		}
	}
}

// checkConstant fails if the rows of an id differ.
func (t *Table) checkConstant(c *Column, id string, bad func(key, format string, args ...any)) {
	name := t.Long.Steps.Column(id)
	for row := range int32(t.Rows) {
		from, to := t.Long.Range(row)
		for r := from + 1; r < to; r++ {
			if c.Field(r) != c.Field(from) && t.Whole {
				bad("inputs", "column %q is %s at %s and %s at %s; columns that vary within a file need an input of type: series (or a target of type: tags)", c.Name,
					phrase.Quote(c.Field(from)), t.Long.Steps.Place(from), phrase.Quote(c.Field(r)), t.Long.Steps.Place(r))
				return
			}
			if c.Field(r) != c.Field(from) {
				bad("sequence_id", "%s %s: column %q is %s at %s and %s at %s; a column that is not a series must be the same in all rows of an id", id, phrase.Quote(name.Field(from)), c.Name,
					phrase.Quote(c.Field(from)), t.Long.Steps.Place(from), phrase.Quote(c.Field(r)), t.Long.Steps.Place(r))
				return
			}
		}
	}
}

// Release forgets what only encoding needs.
func (l *LongTable) Release() {
	if l != nil {
		l.Steps.Columns, l.Steps.Sources = nil, nil
	}
}
