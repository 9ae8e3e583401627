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

// Columns that a table has of its moments: where each stands in its hour, day, week or year, as the sine and the cosine of an
// angle, so that the end of a week is as near to its beginning as one day is to the next. They are known of all moments, and
// so of the future too.

// calendarPart is one turn of the calendar.
type calendarPart struct {
	Name string
	Turn func(t time.Time) float64 // in [0, 1)
}

var CalendarParts = []calendarPart{
	{"minute", func(t time.Time) float64 { return float64(t.Minute()) / 60 }},
	{"hour", func(t time.Time) float64 { return float64(t.Hour()*60+t.Minute()) / (24 * 60) }},
	{"weekday", func(t time.Time) float64 { return float64((t.Weekday()+6)%7) / 7 }},
	{"monthday", func(t time.Time) float64 { return float64(t.Day()-1) / 31 }},
	{"month", func(t time.Time) float64 { return float64(t.Month()-1) / 12 }},
	{"yearday", func(t time.Time) float64 { return float64(t.YearDay()-1) / 366 }},
}

// CalendarNames are the columns that parts of the calendar make.
func CalendarNames(parts []string) (names []string) {
	for _, part := range parts {
		names = append(names, part+"_sin", part+"_cos")
	}
	return names
}

// addCalendar makes the columns of the calendar, anew where there are some.
func (t *Table) addCalendar(how *Ordering) error {
	line, moments := t.Time, t.Column(t.Time.Column)
	if len(how.Calendar) == 0 || line.At == nil {
		return nil
	}
	if line.Format.Layout == "" {
		return fmt.Errorf("the column %q holds numbers, which tell no weekday or hour; want dates", line.Column)
	}
	for _, part := range CalendarParts {
		if !slices.Contains(how.Calendar, part.Name) {
			continue
		}
		names := CalendarNames([]string{part.Name})
		sin, cos := &Column{Name: names[0]}, &Column{Name: names[1]}
		for row := range int32(t.Rows) {
			at, _ := ParseDate(line.Format.Layout, moments.Field(row))
			s, c := exact.SinCosDegrees(360 * part.Turn(at))
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

// addMade adds a column, or puts it in the place of the one that was made before.
func (t *Table) addMade(made *Column, line *TimeIndex) error {
	at := slices.IndexFunc(t.Columns, func(c *Column) bool { return c.Name == made.Name })
	switch {
	case at >= 0 && slices.Contains(line.calendar, made.Name):
		t.Columns[at] = made
	case slices.Contains(t.Header, made.Name):
		return fmt.Errorf("the table has a column %q of its own", made.Name)
	default:
		t.Columns, t.Header = append(t.Columns, made), append(slices.Clip(t.Header), made.Name)
		line.calendar = append(line.calendar, made.Name)
	}
	return nil
}

// Extend gives each group rows of gaps after its last, so many, for moments as far apart as its rows are: what the calendar tells
// is known of them. Groups whose rows keep no pace get none.
func (t *Table) Extend(how *Ordering, ahead int) error {
	line := t.Time
	if len(how.Calendar) == 0 || line.At == nil || ahead == 0 {
		return nil
	}
	p := line.Usual()
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
		for k := 1; k <= ahead && to > from && line.Format.Keeps(line.At[from:to], p); k++ {
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

// CalendarHint says what makes numbers of words that name weekdays or months; "" of others.
func CalendarHint(words []string) string {
	for part, names := range map[string]string{"weekday": "mon tue wed thu fri sat sun", "month": "jan feb mar apr may jun jul aug sep oct nov dec"} {
		if !slices.ContainsFunc(words, func(w string) bool {
			return len(w) < 3 || !slices.Contains(strings.Fields(names), strings.ToLower(w[:3]))
		}) {
			return fmt.Sprintf("; calendar: [%s], beside order_by, makes the columns %s of dates", part, strings.Join(CalendarNames([]string{part}), " and "))
		}
	}
	return ""
}
