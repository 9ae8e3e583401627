package survey

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"

	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/table"
)

// Clock is a column of timestamps.
type Clock struct {
	*Column
	Parts   []string // the columns that make up the timestamps; nil where one holds them
	Sorted  bool     // the rows of the file are in its order; else they are sorted by it
	Even    bool     // rows are evenly spaced, so that windows of rows are windows of time
	Missing bool     // a few rows are missing between others
	Unique  bool     // no two rows have the same timestamp
	Season  int      // after how many rows a series repeats itself; 0 if unknown
	Step    string   // the time between rows, in words
	Format  dates.TimeFormat
	At      []float64 // by row, as Format reads it
	Order   []int     // the rows in time
	Twice   string    // the first timestamp that occurs twice
	Odd     int       // steps that are longer than Step
}

// fewTimes is how many different timestamps rows in time have at least.
const fewTimes = 8

// findClock finds the first column of timestamps that rises from row to row, or that falls evenly: the newest comes first. dated is
// the first one that is even when the rows are sorted by it, or else the first of all.
func (s *Table) findClock() (clock, dated *Clock) {
	if s.Rows < fewRows {
		return nil, nil
	}
	for _, c := range s.Seen {
		if c == s.Target || !c.IsText() || c.Gaps > 0 || c.Words < fewTimes || c.Type == "number" && c.Words*20 < s.Rows || !mayTell(c) {
			continue
		}
		at, how, err := dates.ReadTimestamps(table.TimestampsOf(c.Column), nil, "", "")
		if err != nil && err.Forms != nil && s.Unclear == "" {
			s.Unclear = fmt.Sprintf("%s: %v", c.Name, err)
		}
		if err != nil || how.Layout == "" && !(c.Type == "number" && namesTime(c)) {
			continue
		}
		one := newClock(c, at, how)
		if how.Layout == "" && !whole(at) && !one.Sorted && !one.Even {
			continue // durations or amounts: neither years nor days, nor seconds since 1970
		}
		if !one.Unique && c.Type == "number" && slices.Contains([]string{"year", "quarter", "month", "week", "day", "jahr", "monat", "woche", "tag"}, strings.ToLower(c.Name)) {
			continue // a part of a date, as in a table of models by year
		}
		if dated == nil || one.Even && !dated.Even {
			dated = one
		}
		if clock == nil && (one.Sorted || one.Even && at[0] > at[len(at)-1] && slices.IsSortedFunc(at, func(a, b float64) int { return cmp.Compare(b, a) })) {
			clock = one
		}
	}
	return clock, dated
}

// findSteps finds the first column of numbers that are evenly spaced, each of which occurs once.
func (s *Table) findSteps() *Clock {
	if s.Rows < fewRows {
		return nil
	}
	for _, c := range s.Seen {
		if c == s.Target || !c.IsText() || c.Type != "number" || c.Gaps > 0 || c.Words < s.Rows {
			continue
		}
		if at, how, err := dates.ReadTimestamps(table.TimestampsOf(c.Column), nil, "", ""); err == nil {
			if one := newClock(c, at, how); one.Even && one.Unique {
				return one
			}
		}
	}
	return nil
}

// newClock looks at the timestamps of a column.
func newClock(c *Column, at []float64, how dates.TimeFormat) *Clock {
	clock := &Clock{Column: c, Sorted: slices.IsSorted(at), Unique: true, Format: how, At: at}
	for row := range at {
		clock.Order = append(clock.Order, row)
	}
	slices.SortStableFunc(clock.Order, func(a, b int) int { return cmp.Compare(at[a], at[b]) })
	sorted := slices.Sorted(slices.Values(at))
	for i := 1; i < len(sorted) && clock.Unique; i++ {
		if clock.Unique = sorted[i] > sorted[i-1]; !clock.Unique {
			clock.Twice = c.Field(int32(clock.Order[i]))
		}
	}
	if !clock.Unique {
		return clock
	}
	line := &table.TimeIndex{Groups: []string{""}, Starts: []int32{0, int32(len(at))}, Group: make([]int32, len(at)), At: sorted, Format: how}
	p := line.Frequency()
	clock.Even = how.Regular(sorted, p)
	for i := 1; i < len(sorted); i++ {
		if how.Longer(sorted[i-1], sorted[i], p) {
			clock.Odd++
		}
	}
	clock.Missing = clock.Even && clock.Odd > 0
	clock.Season, clock.Step = line.Season(), how.Describe(p)
	return clock
}

// First and Last are the earliest and the latest timestamp.
func (c *Clock) First() string { return c.Field(int32(c.Order[0])) }
func (c *Clock) Last() string  { return c.Field(int32(c.Order[len(c.Order)-1])) }

// mayTell reports whether a column may hold timestamps, by its name or its first field. Numbers with a point are none: 2024.12 is an
// amount as well.
func mayTell(c *Column) bool {
	first := c.Field(0)
	if c.Type == "number" {
		return namesTime(c) || dates.Likely(first)
	}
	name := strings.ToLower(c.Name)
	return namesTime(c) || dates.DateOrTime.MatchString(first) || dates.Readable(first) || strings.Contains(name, "date") || strings.Contains(name, "time")
}

// namesTime reports whether a column is named as one of timestamps.
func namesTime(c *Column) bool {
	return slices.Contains([]string{"t", "time", "date", "datetime", "timestamp", "ds", "month", "year", "quarter", "week",
		"datum", "zeit", "jahr", "monat", "woche", "année", "annee", "mois", "fecha", "año", "ano", "mes"}, strings.ToLower(c.Name))
}

// whole reports whether all timestamps are whole numbers.
func whole(at []float64) bool {
	return !slices.ContainsFunc(at, func(x float64) bool { return x != math.Trunc(x) })
}
