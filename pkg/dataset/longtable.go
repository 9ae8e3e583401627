package dataset

import (
	"fmt"
	"slices"
	"strings"

	"dnn/pkg/spec"
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

// collapse is Table.collapse with the columns that the spec asks for.
func (l *loader) collapse(t *Table, bad func(key, format string, args ...any)) {
	s := l.settings
	t.collapse(l.timing, func(column string) bool {
		if column == s.SequenceID || column == s.OrderBy {
			return true
		}
		for _, target := range s.Target {
			if target.Column == column {
				_, stepwise := target.Type.(*TagsTarget)
				return stepwise
			}
		}
		for _, in := range s.Inputs {
			if _, series := in.Type.(*Series); series && (in.Column == column || slices.ContainsFunc(in.Columns, func(g string) bool { return matches(g, column) })) {
				return true
			}
		}
		return len(s.Inputs) == 0
	}, bad)
	if id := t.column(s.SequenceID); id != nil {
		for row := range int32(t.Rows) {
			if strings.TrimSpace(id.field(row)) == "" {
				bad("sequence_id", "%s: column %q is empty", t.place(row), id.Name)
				return
			}
		}
	}
}

// stepInput is the input of a table of sequences whose spec names none: a series of all columns of numbers.
func (l *loader) stepInput(t *Table, taken map[string]bool, unknown bool) resolvedInput {
	r := resolvedInput{name: "sequence", path: root + "." + t.key, kind: spec.New[InputType]("series"), bad: unknown}
	var names, words []string
	for i, c := range t.long.steps.Columns {
		switch {
		case taken[c.Name] || l.settings.tellsTime(c.Name) || len(t.Targets) > 0 && c.Name == t.Targets[0].Column:
		case c.holdsNumbers(t.long.steps.Rows):
			if l.settings.OrderBy == "" && t.long.counts(c) {
				l.note("warning: %s rises by the same from step to step in each sequence, and is a channel of the series; if it tells when steps are, order_by: %s leaves it out", c.Name, c.Name)
			}
			r.columns, names = append(r.columns, t.Columns[i]), append(names, c.Name)
		default:
			words = append(words, c.Name)
			l.doubtLeft(t.long.steps, c)
		}
	}
	left := ""
	if len(words) > 0 {
		left = fmt.Sprintf("; left out, for they hold other things than numbers: %s", fewNames(words))
	}
	if len(names) == 0 {
		r.bad = true
		l.p.Add(r.path, "no column of the steps holds only numbers and gaps: nothing to learn from; name the inputs%s", left)
		return r
	}
	l.note("inputs: none are named; a series of %s, called %s%s", fewNames(names), r.name, left)
	return r
}

// oddSequences are the files that on_error: skip leaves out for a step of a series that holds something else than a number,
// and what that is. They are told.
func (l *loader) oddSequences(t *Table, columns *resolved, own *tableColumns) map[int32]string {
	f, ok := l.settings.Format.(*SequenceFolder)
	if !ok || f.OnError != "skip" || t.long == nil {
		return nil
	}
	odd, list := map[int32]string{}, []string(nil)
	for i, in := range columns.inputs {
		if _, series := in.kind.(*Series); !series {
			continue
		}
		for _, c := range t.long.columns(own.inputs[i]) {
			for row := range int32(t.long.steps.Rows) {
				id, field := t.long.steps.time.group[row], c.field(row)
				if _, number := parseNumber(field); number || field == "" || odd[id] != "" {
					continue
				}
				odd[id] = fmt.Sprintf("%s: column %q: %s", t.long.steps.place(row), c.Name, notNumber(field))
				list = append(list, odd[id])
			}
		}
	}
	if n := len(list); n > 0 {
		l.note("warning: %s%s of %d left out that cannot be read: %s", t.prefix(), counted(n, "file"), t.Rows, strings.Join(list[:min(n, maxExamples)], "; "))
	}
	return odd
}

// doubtLeft warns of a column that is left out for a few fields that are no numbers.
func (l *loader) doubtLeft(steps *Table, c *Column) {
	numbers, odd, first := 0, 0, int32(0)
	for row := range int32(steps.Rows) {
		if _, ok := parseNumber(c.field(row)); ok {
			numbers++
		} else if c.field(row) != "" {
			if odd++; odd == 1 {
				first = row
			}
		}
	}
	if all := numbers + odd; odd*5 < all {
		l.note("warning: %s is left out, though %s of %s fields are numbers: %s: %s; if such fields are gaps, name them in missing_values", c.Name, thousands(numbers), thousands(all), steps.place(first), notNumber(c.field(first)))
	}
}

// holdsNumbers reports whether all fields of a column are numbers or gaps, and there is a number.
func (c *Column) holdsNumbers(rows int) bool {
	some := false
	for row := range int32(rows) {
		field := c.field(row)
		if _, ok := parseNumber(field); !ok && field != "" {
			return false
		}
		some = some || field != ""
	}
	return some
}
