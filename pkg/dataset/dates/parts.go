package dates

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/spec"
)

// Parts are the parts of timestamps that lie in columns of their own, in this order.
var Parts = []string{"year", "month", "day", "hour", "minute", "second"}

// OrderBy is the column of timestamps, or the columns that make them up: of year, month, day, hour, minute and second, or of the date
// and the time of the day.
type OrderBy []string

// UnmarshalSpec reads one name or a list.
func (o *OrderBy) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok {
		if *o = nil; text != "" {
			*o = OrderBy{text}
		}
		return
	}
	var words []spec.Word
	n.Into(&words, p)
	*o = nil
	for _, w := range words {
		*o = append(*o, string(w))
	}
	if len(*o) > len(Parts) {
		p.Add(n.Path, "expected at most %s: those of %s, in this order", phrase.Count(len(Parts), "column"), strings.Join(Parts, ", "))
		*o = (*o)[:len(Parts)]
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

// Joined reports whether two columns are a date and a time of the day, rather than a year and a month, by the first date.
func Joined(columns int, first, format string) bool {
	if _, year := ParsePart(0, first); columns != 2 || year {
		return false
	}
	return format != "" || Readable(first)
}

// Readable reports whether a field is a date in a form that is read.
func Readable(field string) bool {
	_, how, err := ReadTimestamps(ColumnOf("date", []string{field}), nil, "", "")
	return err == nil && how.Layout != "" || err != nil && err.Forms != nil
}

// Compose writes a timestamp of so many parts.
func Compose(at time.Time, parts int) string { return at.Format(composedLayouts[parts]) }

// ComposedName is the name of the column of timestamps that columns of year, month and so on make up.
func ComposedName(parts []string) string { return strings.Join(parts, "-") }

// partRanges are the least and the largest number of each part of a date.
var partRanges = [6][2]int{{0, 9999}, {1, 12}, {1, 31}, {0, 23}, {0, 59}, {0, 59}}

// ParsePart reads a part of a date: a whole number, or the name of a month. Years of two digits are 1969 to 2068.
func ParsePart(part int, field string) (n int, ok bool) {
	if part == 1 {
		for _, layout := range []string{"January", "Jan"} {
			if month, err := time.Parse(layout, field); err == nil {
				return int(month.Month()), true
			}
		}
	}
	x, ok := numeral.Parse(field)
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

// FormatPart writes a part of a timestamp, for rows that are added.
func FormatPart(part int, at float64) string {
	t := date(at)
	return fmt.Sprint([]int{t.Year(), int(t.Month()), t.Day(), t.Hour(), t.Minute(), t.Second()}[part])
}
