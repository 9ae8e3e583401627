package dates

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Weeks of ISO 8601 are counted by a layout with a W: its month is the number of the week, and a digit behind it is the day, Monday
// being 1. 2023-W01 is the Monday of the week.

// weekLayouts are all layouts of weeks.
var weekLayouts = []string{"2006-W01", "2006W01", "2006-W01-1", "2006W011"}

// weekly reports whether a layout counts weeks.
func weekly(layout string) bool { return strings.Contains(layout, "W") }

// weekField matches a week, and perhaps a day of it.
var weekField = regexp.MustCompile(`^([0-9]{4})(-?)W([0-9]{2})(?:(-?)([1-7]))?$`)

// parseWeek reads a week by a layout.
func parseWeek(layout, field string) (time.Time, bool) {
	m := weekField.FindStringSubmatch(field)
	if m == nil || (m[2] == "-") != strings.Contains(layout, "-W") || (m[5] != "") != daily(layout) || m[5] != "" && m[2] != m[4] {
		return time.Time{}, false
	}
	year, _ := strconv.Atoi(m[1])
	week, _ := strconv.Atoi(m[3])
	first := time.Date(year, 1, 4, 0, 0, 0, 0, time.UTC) // is in the first week
	at := first.AddDate(0, 0, 7*(week-1)-(int(first.Weekday())+6)%7)
	if y, w := at.ISOWeek(); y != year || w != week {
		return time.Time{}, false
	}
	if day, err := strconv.Atoi(m[5]); err == nil {
		at = at.AddDate(0, 0, day-1)
	}
	return at, true
}

// daily reports whether a layout of weeks has the day.
func daily(layout string) bool {
	return strings.HasSuffix(layout, "-1") || strings.HasSuffix(layout, "011")
}

// formatWeek writes the week of a date by a layout.
func formatWeek(layout string, t time.Time) string {
	year, week := t.ISOWeek()
	sign := strings.TrimSuffix(strings.TrimPrefix(layout[:strings.Index(layout, "W")], "2006"), "W")
	text := fmt.Sprintf("%04d%sW%02d", year, sign, week)
	if daily(layout) {
		text += fmt.Sprintf("%s%d", sign, (t.Weekday()+6)%7+1)
	}
	return text
}
