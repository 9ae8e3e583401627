package dataset

import (
	"slices"
)

// longTable is a table with a row for each step of sequences; the dataset's rows are ids.
type longTable struct {
	steps *Table  // arranged: the rows of an id one after the other
	from  []int32 // the first step of each id, and the end
}

// rows are the steps of an id.
func (l *longTable) rows(id int32) (from, to int32) { return l.from[id], l.from[id+1] }

// counts reports whether a column of numbers rises evenly with the steps of each id, as their number or their time does.
func (l *longTable) counts(c *Column) bool {
	some := false
	for id := range int32(len(l.from) - 1) {
		from, to := l.rows(id)
		at := make([]float64, 0, to-from)
		for row := from; row < to; row++ {
			x, ok := parseNumber(c.field(row))
			if !ok {
				return false
			}
			at = append(at, x)
		}
		if _, even := (&clock{}).paceOf(at); !even && len(at) > 2 {
			return false
		}
		some = some || len(at) > 2
	}
	return some
}

// columns are the columns of the same names that have a row for each step.
func (l *longTable) columns(of []*Column) (list []*Column) {
	for _, c := range of {
		list = append(list, l.steps.column(c.Name))
	}
	return list
}

// collapse makes a row of the table out of all rows of an id. Its columns have the fields of the id's first row; stepwise
// are those that may have others in other rows.
func (t *Table) collapse(how *Timing, stepwise func(column string) bool, bad func(key, format string, args ...any)) {
	steps := *t
	steps.Columns = slices.Clone(t.Columns)
	group := Timing{Group: how.ID, OrderBy: how.OrderBy, Layout: how.Layout}
	if t.column(how.ID) == nil {
		bad("sequence_id", "%s", noColumn(t.Header, how.ID))
	}
	steps.arrange(&group, false, func(key, format string, args ...any) {
		if key != "group" {
			bad(key, format, args...)
		}
	})
	how.Layout = group.Layout
	t.long = &longTable{&steps, steps.time.starts}
	if steps.Rows == 0 { // a table of a stream, whose timeline has a group without rows
		t.long.from = []int32{0}
	}
	first := t.long.from[:len(t.long.from)-1]
	if len(steps.lines) > 0 {
		t.lines = pick(steps.lines, first)
	}
	switch {
	case t.whole: // ids are in the order of their files
		t.sources = t.names()
	case steps.sources != nil:
		t.sources = pick(steps.sources, first)
	case len(steps.files) > 1:
		for _, row := range first {
			t.sources = append(t.sources, steps.place(row))
		}
	}
	t.Rows = len(first)
	for i, c := range steps.Columns {
		t.Columns[i] = c.picked(first)
		if !stepwise(c.Name) && t.column(how.ID) != nil {
			t.checkConstant(c, how.ID, bad)
		}
	}
}

// checkConstant wants the same field in all rows of an id.
func (t *Table) checkConstant(c *Column, id string, bad func(key, format string, args ...any)) {
	name := t.long.steps.column(id)
	for row := range int32(t.Rows) {
		from, to := t.long.rows(row)
		for r := from + 1; r < to; r++ {
			if c.field(r) != c.field(from) && t.whole {
				bad("inputs", "column %q is %s at %s and %s at %s; what differs within a file is read by an input of type: series (or a target of type: tags)", c.Name,
					quote(c.field(from)), t.long.steps.place(from), quote(c.field(r)), t.long.steps.place(r))
				return
			}
			if c.field(r) != c.field(from) {
				bad("sequence_id", "%s %s: column %q is %s at %s and %s at %s; what is no series must be the same in all its rows", id, quote(name.field(from)), c.Name,
					quote(c.field(from)), t.long.steps.place(from), quote(c.field(r)), t.long.steps.place(r))
				return
			}
		}
	}
}

// release forgets what only encoding needs.
func (l *longTable) release() {
	if l != nil {
		l.steps.Columns, l.steps.sources = nil, nil
	}
}
