package table

import (
	"strings"
	"time"
)

// DateLayouts are the date layouts that are understood, in Go's notation, except that the month of a layout with a Q is
// the number of a quarter. If two match (day or month first), the one is chosen in which the rows are evenly spaced, by
// months rather than by days: twelve firsts of months are more likely than the first twelve days of one month.
// Otherwise it is the first in which the rows are in order.
var DateLayouts = withOffsets(
	"2006-01-02", "2006-01-02 15:04:05", "2006-01-02 15:04", "2006-01-02T15:04:05", "2006-01-02T15:04",
	"2006-01", "2006/01/02", "2006/01/02 15:04:05", "2006/01/02 15:04", "2006.01.02", "2006/1/2",
	"01/02/2006", "01/02/2006 15:04:05", "01/02/2006 15:04", "1/2/2006", "1/2/2006 15:04", "02/01/2006", "02/01/2006 15:04:05", "02/01/2006 15:04", "2/1/2006", "2/1/2006 15:04",
	"02.01.2006", "02.01.2006 15:04:05", "02.01.2006 15:04", "2.1.2006", "02-01-2006", "02-Jan-2006", "2-Jan-2006", "Jan 2006", "2 Jan 2006", "Jan 2, 2006", "20060102",
	"2006Q1", "2006-Q1", "2006 Q1", "Q1 2006", "Q1-2006", "Q1/2006",
)

// withOffsets adds the layouts in which the time of day has an offset from UTC: +02:00, +0200, or Z for none.
func withOffsets(layouts ...string) []string {
	for _, l := range layouts {
		if TimeOfDay(l) {
			layouts = append(layouts, l+"-07:00", l+"Z07:00", l+"-0700", l+" -0700")
		}
	}
	return layouts
}

// quarterly reports whether a layout counts quarters.
func quarterly(layout string) bool { return strings.Contains(layout, "Q") }

// ParseDate parses a date by a layout, and keeps its offset.
func ParseDate(layout, field string) (time.Time, bool) {
	t, err := time.ParseInLocation(layout, field, time.UTC) // not time.Parse, which reads the machine's time zone
	if err != nil || !quarterly(layout) {
		return t, err == nil
	}
	quarter := t.Month()
	return time.Date(t.Year(), 3*quarter-2, 1, 0, 0, 0, 0, time.UTC), quarter <= 4
}

// FormatDate formats a date by a layout, with that many decimals of its seconds.
func FormatDate(layout string, digits int, t time.Time) string {
	if quarterly(layout) {
		t = time.Date(t.Year(), (t.Month()+2)/3, 1, 0, 0, 0, 0, time.UTC)
	}
	unit := time.Second
	if digits > 0 {
		layout = strings.Replace(layout, ":05", ":05."+strings.Repeat("0", digits), 1)
		for range digits {
			unit /= 10
		}
	}
	return t.Round(unit).Format(layout)
}

// Fraction is the number of decimals of the seconds of a date, at most nine.
func Fraction(field string) (digits int) {
	point := strings.LastIndexAny(field, ".,")
	if point < 3 || field[point-3] != ':' {
		return 0
	}
	for _, c := range field[point+1:] {
		if c < '0' || c > '9' {
			break
		}
		digits++
	}
	return min(digits, 9)
}

// Zoned reports whether a layout has an offset from UTC.
func Zoned(layout string) bool { return strings.Contains(layout, "07") }

// TimeOfDay reports whether a layout has the time of day, but no offset.
func TimeOfDay(layout string) bool { return strings.Contains(layout, "15:04") && !Zoned(layout) }
