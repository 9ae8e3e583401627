package survey

import (
	"slices"
	"strings"

	"dnn/pkg/dataset/table"
)

// Clock is a column of timestamps in whose order the rows of the file are.
type Clock struct {
	*Column
	Even    bool   // rows are evenly spaced, so that windows of rows are windows of time
	Missing bool   // a few rows are missing between others
	Unique  bool   // no two rows have the same timestamp
	Season  int    // after how many rows a series repeats itself; 0 if unknown
	Step    string // the time between rows, in words
	Format  table.TimeFormat
}

// fewTimes is how many different timestamps rows in time have at least.
const fewTimes = 8

// findClock finds the first column of timestamps that rises from row to row.
func (s *Table) findClock() *Clock {
	if s.Rows < fewRows {
		return nil
	}
	for _, c := range s.Seen {
		if c == s.Target || !c.IsText() || c.Gaps > 0 || c.Words < fewTimes || c.Type == "number" && c.Words*20 < s.Rows || !mayTell(c) {
			continue
		}
		at, how, _, ok := table.ReadTimestamps(c.Column, s.Rows, nil, "")
		if !ok || !slices.IsSorted(at) || how.Layout == "" && c.Type != "number" {
			continue
		}
		clock := &Clock{Column: c, Unique: true, Format: how}
		for i := 1; i < len(at); i++ {
			clock.Unique = clock.Unique && at[i] > at[i-1]
		}
		if clock.Unique {
			line := &table.TimeIndex{Groups: []string{""}, Starts: []int32{0, int32(s.Rows)}, Group: make([]int32, s.Rows), At: at, Format: how}
			p := line.Frequency()
			clock.Even = how.Regular(at, p)
			for i := 1; i < len(at); i++ {
				clock.Missing = clock.Missing || clock.Even && how.Longer(at[i-1], at[i], p)
			}
			clock.Season, clock.Step = line.Season(), how.Describe(p)
		}
		return clock
	}
	return nil
}

// mayTell reports whether a column may hold timestamps, by its name or its first field.
func mayTell(c *Column) bool {
	if table.DateOrTime.MatchString(c.Field(0)) {
		return true
	}
	name := strings.ToLower(c.Name)
	return slices.Contains([]string{"t", "time", "date", "datetime", "timestamp", "ds", "month", "year", "quarter", "week"}, name) ||
		c.Type != "number" && (strings.Contains(name, "date") || strings.Contains(name, "time"))
}
