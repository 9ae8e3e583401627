package table

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dnn/internal/phrase"
	"dnn/pkg/spec"
)

// DateParts are the parts of timestamps that lie in columns of their own, in this order.
var DateParts = []string{"year", "month", "day", "hour", "minute", "second"}

// OrderBy is the column of timestamps, or the columns of year, month, day, hour, minute and second that make them up.
type OrderBy []string

// UnmarshalSpec reads one name or a list.
func (o *OrderBy) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok {
		if *o = nil; text != "" {
			*o = OrderBy{text}
		}
		return
	}
	var words []Word
	n.Into(&words, p)
	*o = nil
	for _, w := range words {
		*o = append(*o, string(w))
	}
	if len(*o) > len(DateParts) {
		p.Add(n.Path, "expected at most %s: those of %s, in this order", phrase.Count(len(DateParts), "column"), strings.Join(DateParts, ", "))
		*o = (*o)[:len(DateParts)]
	}
	for i, name := range *o {
		if slices.Contains((*o)[:i], name) {
			p.Add(fmt.Sprintf("%s[%d]", n.Path, i), "duplicate column %q", name)
		}
	}
}

// MarshalSpec writes one name as a word.
func (o OrderBy) MarshalSpec() any {
	switch len(o) {
	case 0:
		return ""
	case 1:
		return o[0]
	}
	return []string(o)
}

// DescribeSpec says what the setting takes.
func (OrderBy) DescribeSpec() string { return "column name | list of names" }

// Name is the column of timestamps, which is made if several are given.
func (o OrderBy) Name() string { return ComposedName(o) }

// Parts are the columns that make up timestamps; nil where one holds them.
func (o OrderBy) Parts() []string {
	if len(o) < 2 {
		return nil
	}
	return o
}

// composedLayouts are the layouts of timestamps by the number of their parts.
var composedLayouts = []string{"", "2006", "2006-01", "2006-01-02", "2006-01-02 15:04", "2006-01-02 15:04", "2006-01-02 15:04:05"}

// ComposedName is the name of the column of timestamps that columns of year, month and so on make up.
func ComposedName(parts []string) string { return strings.Join(parts, "-") }

// Made are the columns that are made of others: the timestamps, if they are composed, and the calendar.
func (o *Ordering) Made() []string {
	names := CalendarNames(o.Calendar)
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
			bad("order_by", "%s", NoColumn(t.Header, name))
			return
		}
	}
	made := &Column{Name: how.OrderBy}
	for row := range int32(t.Rows) {
		var numbers [6]int
		numbers[1], numbers[2] = 1, 1
		for i, c := range parts {
			n, ok := partOf(i, c.Field(row))
			if !ok {
				bad("order_by", "%s: column %q: %s is no %s", t.Place(row), c.Name, phrase.Quote(c.Field(row)), DateParts[i])
				return
			}
			numbers[i] = n
		}
		at := time.Date(numbers[0], time.Month(numbers[1]), numbers[2], numbers[3], numbers[4], numbers[5], 0, time.UTC)
		if at.Day() != numbers[2] {
			bad("order_by", "%s: there is no day %d in %s", t.Place(row), numbers[2], time.Date(numbers[0], time.Month(numbers[1]), 1, 0, 0, 0, 0, time.UTC).Format("January 2006"))
			return
		}
		made.Add(at.Format(composedLayouts[len(parts)]))
	}
	made.Seal()
	t.Columns, t.Header = append(t.Columns, made), append(slices.Clip(t.Header), made.Name)
}

// partRanges are the least and the largest number of each part of a date.
var partRanges = [6][2]int{{0, 9999}, {1, 12}, {1, 31}, {0, 23}, {0, 59}, {0, 59}}

// partOf reads a part of a date: a whole number, or the name of a month. Years of two digits are 1969 to 2068.
func partOf(part int, field string) (n int, ok bool) {
	if part == 1 {
		for _, layout := range []string{"January", "Jan"} {
			if month, err := time.Parse(layout, field); err == nil {
				return int(month.Month()), true
			}
		}
	}
	x, ok := ParseNumber(field)
	if n = int(x); !ok || float64(n) != x || n < partRanges[part][0] || n > partRanges[part][1] {
		return 0, false
	}
	if part == 0 && n < 100 {
		n += 1900
		if n < 1969 {
			n += 100
		}
	}
	return n, true
}

// partAt writes a part of a timestamp, for rows that are added.
func partAt(part int, at float64) string {
	t := date(at)
	return fmt.Sprint([]int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()}[part])
}
