package table

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"dnn/internal/exact"
	"dnn/pkg/dataset/dates"
)

// Calendar columns hold the position of each timestamp in its hour, day, week or year, as the sine and cosine of an
// angle, so that the end of a week is as close to its beginning as one day is to the next, or as a column for each place
// in it, of which one is 1. They are known for future timestamps too.

// addCalendar adds the calendar columns, replacing those that exist.
func (t *Table) addCalendar(how *Ordering) error {
	line := t.Time
	if len(how.Calendar) == 0 || line.At == nil {
		return nil
	}
	if line.Format.Layout == "" {
		return fmt.Errorf("the column %q holds numbers, which have no weekday or hour; use dates", line.Column)
	}
	for _, cycle := range dates.Cycles {
		if slices.Contains(how.Calendar, cycle.Name) {
			err := addColumns(t, cycle.Name, func(at time.Time, fields []string) {
				s, c := exact.SinCosDegrees(360 * cycle.Turn(at))
				fields[0], fields[1] = strconv.FormatFloat(s, 'g', 6, 64), strconv.FormatFloat(c, 'g', 6, 64)
			})
			if err != nil {
				return err
			}
		}
		if slices.Contains(how.Calendar, cycle.Name+dates.OneHot) {
			err := addColumns(t, cycle.Name+dates.OneHot, func(at time.Time, fields []string) {
				for i := range fields {
					fields[i] = "0"
				}
				fields[cycle.Place(at)] = "1"
			})
			if err != nil {
				return err
			}
		}
	}
	if !slices.Contains(how.Calendar, dates.HolidayColumn) {
		return nil
	}
	return addColumns(t, dates.HolidayColumn, func(at time.Time, fields []string) {
		if fields[0] = "0"; slices.Contains(how.Holidays, at.Format(time.DateOnly)) {
			fields[0] = "1"
		}
	})
}

// addColumns adds the columns of one part of the calendar, whose fields are computed from the timestamp of a row.
func addColumns(t *Table, part string, compute func(at time.Time, fields []string)) error {
	line, timestamps := t.Time, t.Column(t.Time.Column)
	var made []*Column
	for _, name := range dates.CalendarNames([]string{part}) {
		made = append(made, &Column{Name: name})
	}
	fields := make([]string, len(made))
	for row := range int32(t.Rows) {
		at, _ := dates.Parse(line.Format.Layout, timestamps.Field(row))
		compute(at, fields)
		for i, c := range made {
			c.Add(fields[i])
		}
	}
	for _, c := range made {
		c.Seal()
		if err := t.addMade(c, line); err != nil {
			return err
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
