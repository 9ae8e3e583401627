package table

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"dnn/internal/exact"
)

// Calendar columns hold the position of each timestamp in its hour, day, week or year, as the sine and cosine of an
// angle, so that the end of a week is as close to its beginning as one day is to the next. They are known for future
// timestamps too.

// calendarCycle is one cycle of the calendar.
type calendarCycle struct {
	Name string
	Turn func(t time.Time) float64 // in [0, 1)
}

var CalendarCycles = []calendarCycle{
	{"minute", func(t time.Time) float64 { return float64(t.Minute()) / 60 }},
	{"hour", func(t time.Time) float64 { return float64(t.Hour()*60+t.Minute()) / (24 * 60) }},
	{"weekday", func(t time.Time) float64 { return float64((t.Weekday()+6)%7) / 7 }},
	{"monthday", func(t time.Time) float64 { return float64(t.Day()-1) / 31 }},
	{"month", func(t time.Time) float64 { return float64(t.Month()-1) / 12 }},
	{"yearday", func(t time.Time) float64 { return float64(t.YearDay()-1) / 366 }},
}

// CalendarNames are the names of the columns for some cycles of the calendar.
func CalendarNames(parts []string) (names []string) {
	for _, cycle := range parts {
		names = append(names, cycle+"_sin", cycle+"_cos")
	}
	return names
}

// addCalendar adds the calendar columns, replacing those that exist.
func (t *Table) addCalendar(how *Ordering) error {
	line, timestamps := t.Time, t.Column(t.Time.Column)
	if len(how.Calendar) == 0 || line.At == nil {
		return nil
	}
	if line.Format.Layout == "" {
		return fmt.Errorf("the column %q holds numbers, which have no weekday or hour; use dates", line.Column)
	}
	for _, cycle := range CalendarCycles {
		if !slices.Contains(how.Calendar, cycle.Name) {
			continue
		}
		names := CalendarNames([]string{cycle.Name})
		sin, cos := &Column{Name: names[0]}, &Column{Name: names[1]}
		for row := range int32(t.Rows) {
			at, _ := ParseDate(line.Format.Layout, timestamps.Field(row))
			s, c := exact.SinCosDegrees(360 * cycle.Turn(at))
			if err := errors.Join(sin.Add(strconv.FormatFloat(s, 'g', 6, 64)), cos.Add(strconv.FormatFloat(c, 'g', 6, 64))); err != nil {
				return err
			}
		}
		for _, made := range []*Column{sin, cos} {
			made.Seal()
			if err := t.addMade(made, line); err != nil {
				return err
			}
		}
	}
	return nil
}

// addMade adds a column, or replaces the one that was made before.
func (t *Table) addMade(made *Column, line *TimeIndex) error {
	at := slices.IndexFunc(t.Columns, func(c *Column) bool { return c.Name == made.Name })
	switch {
	case at >= 0 && slices.Contains(line.calendar, made.Name):
		t.Columns[at] = made
	case slices.Contains(t.Header, made.Name):
		return fmt.Errorf("the table already has a column %q", made.Name)
	default:
		t.Columns, t.Header = append(t.Columns, made), append(slices.Clip(t.Header), made.Name)
		line.calendar = append(line.calendar, made.Name)
	}
	return nil
}

// Extend adds rows of gaps after the last row of each group, with timestamps at the frequency of its rows: their
// calendar columns are known. Groups whose rows are not evenly spaced get none.
func (t *Table) Extend(how *Ordering, ahead int) error {
	line := t.Time
	if len(how.Calendar) == 0 || line.At == nil || ahead == 0 {
		return nil
	}
	p := line.Frequency()
	if how.Every != "" {
		var err error
		if p, err = line.FrequencyFor(how.Every); err != nil {
			return err
		}
	}
	var rows []int32
	var steps []int
	for g := range line.Groups {
		from, to := line.Starts[g], line.Starts[g+1]
		for row := from; row < to; row++ {
			rows, steps = append(rows, row), append(steps, 0)
		}
		for k := 1; k <= ahead && to > from && line.Format.Regular(line.At[from:to], p); k++ {
			rows, steps = append(rows, to-1), append(steps, k)
		}
	}
	if len(rows) == t.Rows {
		return nil
	}
	if err := t.insert(how, p, rows, steps); err != nil {
		return err
	}
	t.Time.before = line.Starts
	return t.addCalendar(how)
}

// CalendarHint says how to turn names of weekdays or months into numbers; "" for other words.
func CalendarHint(words []string) string {
	for cycle, names := range map[string]string{"weekday": "mon tue wed thu fri sat sun", "month": "jan feb mar apr may jun jul aug sep oct nov dec"} {
		if !slices.ContainsFunc(words, func(w string) bool {
			return len(w) < 3 || !slices.Contains(strings.Fields(names), strings.ToLower(w[:3]))
		}) {
			return fmt.Sprintf("; with order_by, calendar: [%s] adds the columns %s", cycle, strings.Join(CalendarNames([]string{cycle}), " and "))
		}
	}
	return ""
}
