package table

import (
	"slices"
	"strings"
	"time"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/record"
)

// Made are the columns that are made of others: the timestamps, if they are composed, and the calendar.
func (o *Ordering) Made() []string {
	names := dates.CalendarNames(o.Calendar)
	if len(o.Parts) > 0 {
		names = append(names, o.OrderBy)
	}
	return names
}

// TimeColumns are the columns of the file that hold the timestamps.
func (o *Ordering) TimeColumns() []string {
	switch {
	case len(o.Parts) > 0:
		return o.Parts
	case o.OrderBy != "":
		return []string{o.OrderBy}
	}
	return nil
}

// compose adds the column of timestamps that others make up.
func compose(t *Table, how *Ordering, bad func(key, format string, args ...any)) {
	if len(how.Parts) == 0 || t.Column(how.OrderBy) != nil {
		return
	}
	var parts []*Column
	for _, name := range how.Parts {
		if parts = append(parts, t.Column(name)); parts[len(parts)-1] == nil {
			bad("order_by", "%s", record.NoColumn(t.Header, name))
			return
		}
	}
	made := &Column{Name: how.OrderBy}
	if t.Rows > 0 && dates.Joined(len(parts), parts[0].Field(0), how.Format) {
		for row := range int32(t.Rows) {
			made.Add(strings.TrimSpace(parts[0].Field(row) + " " + parts[1].Field(row)))
		}
		addComposed(t, made)
		return
	}
	for row := range int32(t.Rows) {
		var numbers [6]int
		numbers[1], numbers[2] = 1, 1
		for i, c := range parts {
			n, ok := dates.ParsePart(i, c.Field(row))
			if !ok {
				bad("order_by", "%s: column %q: %s is no %s", t.Place(row), c.Name, phrase.Quote(c.Field(row)), dates.Parts[i])
				return
			}
			numbers[i] = n
		}
		at := time.Date(numbers[0], time.Month(numbers[1]), numbers[2], numbers[3], numbers[4], numbers[5], 0, time.UTC)
		if at.Day() != numbers[2] {
			bad("order_by", "%s: there is no day %d in %s", t.Place(row), numbers[2], time.Date(numbers[0], time.Month(numbers[1]), 1, 0, 0, 0, 0, time.UTC).Format("January 2006"))
			return
		}
		made.Add(dates.Compose(at, len(parts)))
	}
	addComposed(t, made)
}

// Composed is the column of timestamps that others make up; sound is false if they do not.
func Composed(t *Table, how *Ordering) (made *Column, sound bool) {
	other := *t
	other.Columns = slices.Clone(t.Columns)
	sound = true
	compose(&other, how, func(string, string, ...any) { sound = false })
	return other.Column(how.OrderBy), sound
}

// addComposed adds the column of timestamps.
func addComposed(t *Table, made *Column) {
	made.Seal()
	t.Columns, t.Header = append(t.Columns, made), append(slices.Clip(t.Header), made.Name)
}

// partAt is the field of a column that is part of a timestamp, in a row that is added: made is the timestamp, and before the row that
// it follows.
func partAt(t *Table, how *Ordering, part int, made string, at float64, before int32) string {
	if days := t.Column(how.Parts[0]); len(how.Parts) == 2 && strings.Contains(made, " ") { // joined by a space, of which dates may have some
		words := strings.SplitAfter(made, " ")
		n := min(strings.Count(days.Field(before), " ")+1, len(words))
		return strings.TrimSpace(strings.Join([][]string{words[:n], words[n:]}[part], ""))
	}
	return dates.FormatPart(part, at)
}
