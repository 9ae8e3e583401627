package dates

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Cycle is one cycle of the calendar.
type Cycle struct {
	Name  string
	Turn  func(t time.Time) float64 // in [0, 1)
	Place func(t time.Time) int     // among the names
	Names []string                  // of the places; nil if they are too many for a column each
}

// Cycles are the cycles of the calendar.
var Cycles = []Cycle{
	{"minute", func(t time.Time) float64 { return float64(t.Minute()) / 60 }, time.Time.Minute, counted(0, 59)},
	{"hour", func(t time.Time) float64 { return float64(t.Hour()*60+t.Minute()) / (24 * 60) }, time.Time.Hour, counted(0, 23)},
	{"weekday", func(t time.Time) float64 { return float64((t.Weekday()+6)%7) / 7 }, func(t time.Time) int { return int(t.Weekday()+6) % 7 }, weekdays},
	{"monthday", func(t time.Time) float64 { return float64(t.Day()-1) / 31 }, func(t time.Time) int { return t.Day() - 1 }, counted(1, 31)},
	{"month", func(t time.Time) float64 { return float64(t.Month()-1) / 12 }, func(t time.Time) int { return int(t.Month() - 1) }, monthNames},
	{"yearday", func(t time.Time) float64 { return float64(t.YearDay()-1) / 366 }, nil, nil},
}

var (
	weekdays   = strings.Fields("mon tue wed thu fri sat sun")
	monthNames = strings.Fields("jan feb mar apr may jun jul aug sep oct nov dec")
)

// counted are the names of numbered places.
func counted(from, to int) (names []string) {
	for i := from; i <= to; i++ {
		names = append(names, strconv.Itoa(i))
	}
	return names
}

const (
	// HolidayColumn is the calendar column that is 1 on holidays and 0 on other days.
	HolidayColumn = "holiday"
	// OneHot follows the name of a cycle that has a column for each of its places.
	OneHot = ":one_hot"
)

// CalendarNames are the names of the columns for some parts of the calendar: cycles, cycles with OneHot, and HolidayColumn.
func CalendarNames(parts []string) (names []string) {
	for _, part := range parts {
		name, oneHot := strings.CutSuffix(part, OneHot)
		switch {
		case part == HolidayColumn:
			names = append(names, part)
		case oneHot:
			at := slices.IndexFunc(Cycles, func(c Cycle) bool { return c.Name == name })
			for _, place := range Cycles[max(0, at)].Names {
				names = append(names, name+"_"+place)
			}
		default:
			names = append(names, part+"_sin", part+"_cos")
		}
	}
	return names
}

// CalendarHint says how to turn names of weekdays or months into numbers; "" for other words.
func CalendarHint(words []string) string {
	for cycle, names := range map[string][]string{"weekday": weekdays, "month": monthNames} {
		if !slices.ContainsFunc(words, func(w string) bool {
			return len(w) < 3 || !slices.Contains(names, strings.ToLower(w[:3]))
		}) {
			return fmt.Sprintf("; with order_by, calendar: [%s] adds the columns %s", cycle, strings.Join(CalendarNames([]string{cycle}), " and "))
		}
	}
	return ""
}
