package dataset

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// collapse is Table.collapse with the columns that the spec asks for.
func (l *arranger) collapse(t *table.Table, bad func(key, form string, args ...any)) {
	s := l.settings
	t.Collapse(l.timing, func(col string) bool {
		if col == s.SequenceID || col == s.OrderBy.Name() || slices.Contains(s.OrderBy, col) {
			return true
		}
		for _, target := range s.Target {
			if target.Column == col {
				_, stepwise := target.Type.(column.Stepwise)
				return stepwise
			}
		}
		for _, i := range l.settings.of(col) {
			if _, series := s.Inputs[i].Type.(column.Temporal); series {
				return true
			}
		}
		return len(s.Inputs) == 0
	}, bad)
	if id := t.Column(s.SequenceID); id != nil {
		for row := range int32(t.Rows) {
			if strings.TrimSpace(id.Field(row)) == "" {
				bad("sequence_id", "%s: column %q is empty", t.Place(row), id.Name)
				return
			}
		}
	}
}

// stepInput is the input of a table of sequences whose spec names none: a series of all columns of numbers.
func (l *resolver) stepInput(t *table.Table, taken map[string]bool, unknown bool) resolvedInput {
	r := resolvedInput{name: "sequence", path: root + "." + t.Key, kind: spec.New[column.Type]("series"), bad: unknown}
	var names, words []string
	for i, c := range t.Long.Steps.Columns {
		switch {
		case taken[c.Name] || l.settings.tellsTime(c.Name) || len(t.Offers) > 0 && c.Name == t.Offers[0].Column:
		case c.HoldsNumbers():
			if len(l.settings.OrderBy) == 0 && t.Long.Counts(c) {
				l.Warn("%s rises evenly from step to step in each sequence, and is a channel of the series; if it is the time of the steps, set order_by: %s to leave it out", c.Name, c.Name)
			}
			r.columns, names = append(r.columns, t.Columns[i]), append(names, c.Name)
		default:
			words = append(words, c.Name)
			l.doubtLeft(t.Long.Steps, c)
		}
	}
	left := ""
	if len(words) > 0 {
		left = fmt.Sprintf("; left out because they hold more than numbers: %s", phrase.List(words))
	}
	if len(names) == 0 {
		r.bad = true
		l.p.Add(r.path, "no column of the steps holds only numbers and gaps; name the inputs%s", left)
		return r
	}
	l.Note("inputs: not listed; a series of %s, called %s%s", phrase.List(names), r.name, left)
	return r
}

// oddSequences are the files that on_error: skip leaves out for a step of a series that holds something else than a number,
// and what that is. They are noted.
func (l *splitter) oddSequences(t *table.Table, columns *resolved, own *tableColumns) map[int32]string {
	f, ok := l.settings.Format.(format.FileSequences)
	if !ok || !f.Skips() || t.Long == nil {
		return nil
	}
	odd, list := map[int32]string{}, []string(nil)
	for i, in := range columns.inputs {
		if _, series := in.kind.(column.Temporal); !series {
			continue
		}
		for _, c := range t.Long.Columns(own.inputs[i]) {
			for row := range int32(t.Long.Steps.Rows) {
				id, field := t.Long.Steps.Time.Group[row], c.Field(row)
				if _, number := numeral.Parse(field); number || field == "" || odd[id] != "" {
					continue
				}
				odd[id] = fmt.Sprintf("%s: column %q: %s", t.Long.Steps.Place(row), c.Name, numeral.NotNumber(field))
				list = append(list, odd[id])
			}
		}
	}
	if n := len(list); n > 0 {
		l.Warn("%s%s of %d left out that cannot be read: %s", t.Prefix(), phrase.Count(n, "file"), t.Rows, strings.Join(list[:min(n, phrase.Examples)], "; "))
	}
	return odd
}

// doubtLeft warns of a column that is left out for a few fields that are no numbers.
func (l *resolver) doubtLeft(steps *table.Table, c *table.Column) {
	numbers, odd, first := 0, 0, int32(0)
	for row := range int32(steps.Rows) {
		if _, ok := c.Number(row); ok {
			numbers++
		} else if !c.Gap(row) {
			if odd++; odd == 1 {
				first = row
			}
		}
	}
	if all := numbers + odd; odd*5 < all {
		l.Warn("%s is left out, though %s of %s fields are numbers: %s: %s; if such fields are gaps, name them in missing_values", c.Name, phrase.Thousands(numbers), phrase.Thousands(all), steps.Place(first), numeral.NotNumber(c.Field(first)))
	}
}
