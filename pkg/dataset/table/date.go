package table

import (
	"strings"
	"time"
)

// ParseDate parses a date by a layout, and keeps its offset. Two digits of a year are 1969 to 2068, as in POSIX.
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

// quarterly reports whether a layout counts quarters.
func quarterly(layout string) bool { return strings.Contains(layout, "Q") }

// Zoned reports whether a layout has an offset from UTC.
func Zoned(layout string) bool {
	return strings.Contains(layout, "07") || strings.HasSuffix(layout, " UTC") || strings.HasSuffix(layout, " GMT")
}

// TimeOfDay reports whether a layout has the time of day, but no offset.
func TimeOfDay(layout string) bool { return strings.Contains(layout, "04") && !Zoned(layout) }

// orderOf is 1 if the day of a layout stands before its month, -1 if behind it, and 0 where that cannot be mistaken.
func orderOf(layout string) int {
	short := unpadded(layout)
	day, month := strings.Index(short, "2"), strings.Index(short, "1")
	switch {
	case day < 0 || month < 0 || strings.HasPrefix(layout, "2006") || strings.Contains(layout, "Jan"):
		return 0
	case day < month:
		return 1
	}
	return -1
}

// unpadded is a layout whose days, months and hours need no leading zero.
func unpadded(layout string) string { return withoutZeros.Replace(layout) }

var withoutZeros = strings.NewReplacer("2006", "2006", "01", "1", "02", "2", "03", "3")
