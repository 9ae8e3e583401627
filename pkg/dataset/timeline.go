package dataset

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Timing says how the rows of a table follow one another.
type Timing struct {
	Group    string   `json:"group,omitempty"`       // the column that tells series apart
	OrderBy  string   `json:"order_by,omitempty"`    // the column of moments
	Groups   []string `json:"groups,omitempty"`      // the series of the training part
	Found    bool     `json:"found,omitempty"`       // the spec does not name it
	ID       string   `json:"sequence_id,omitempty"` // the column whose equal values make one row of the dataset
	Layout   string   `json:"layout,omitempty"`      // how its dates are written, in Go's notation
	Every    string   `json:"every,omitempty"`       // the pace of rows, by which absent ones are made
	Calendar []string `json:"calendar,omitempty"`    // parts of the calendar that the table has columns of
}

// timeline is how the rows of a table lie in time: the rows of a group one after the other, in their order.
type timeline struct {
	groups   []string // names, in the order of the table
	starts   []int32  // the first row of each group, and the end
	group    []int32  // of each row
	origin   []int32  // the number that each row had in the files, or absent
	column   string   // of moments, "" where there is none
	at       []float64
	clock    clock
	made     int      // rows that no file has
	first    int32    // of these
	calendar []string // columns that were made of the moments
	before   []int32  // starts, before rows were added for the future; nil where none were
}

// rows are those of the group of a row.
func (t *timeline) rows(row int32) (from, to int32) {
	g := t.group[row]
	return t.starts[g], t.starts[g+1]
}

// read are the starts of groups without the rows that were added for the future.
func (t *timeline) read() []int32 {
	if t.before != nil {
		return t.before
	}
	return t.starts
}

// named are the groups that some rows are of.
func (t *timeline) named(rows []int32) (names []string) {
	has := make([]bool, len(t.groups))
	for _, row := range rows {
		has[t.group[row]] = true
	}
	for g, name := range t.groups {
		if has[g] {
			names = append(names, name)
		}
	}
	return names
}

// steady is the pace of a group's rows.
func (t *timeline) steady(group int32) (pace, bool) {
	if t.at == nil {
		return pace{}, false
	}
	return t.clock.paceOf(t.at[t.starts[group]:t.starts[group+1]])
}

func (t *timeline) season() int {
	steps, _ := t.clock.season(t.usual())
	return steps
}

func (t *timeline) spacing() string {
	_, what := t.clock.season(t.usual())
	return what
}

// arrange brings the rows of a table into their order in time, group by group. What is wrong with it is told by bad, with the
// key of the setting.
func (t *Table) arrange(how *Timing, timed bool, bad func(key, format string, args ...any)) {
	line := &timeline{group: make([]int32, t.Rows), origin: make([]int32, t.Rows)}
	rank := map[string]int32{}
	groups := t.column(how.Group)
	if how.Group == "" {
		groups = nil
		line.groups = []string{""}
	} else if groups == nil {
		bad("group", "%s", noColumn(t.Header, how.Group))
		line.groups = []string{""}
	}
	for row := range int32(t.Rows) {
		line.origin[row] = row
		if groups == nil {
			continue
		}
		name := groups.field(row)
		at, known := rank[name]
		if !known {
			at = int32(len(line.groups))
			rank[name], line.groups = at, append(line.groups, name)
		}
		line.group[row] = at
	}
	t.readTimes(line, how, timed, bad)
	order := line.origin
	slices.SortStableFunc(order, func(a, b int32) int {
		if c := cmp.Compare(line.group[a], line.group[b]); c != 0 || line.at == nil || how.Found {
			return c
		}
		return cmp.Compare(line.at[a], line.at[b])
	})
	t.permute(order)
	line.group = pick(line.group, order)
	if line.at != nil {
		line.at = pick(line.at, order)
	}
	line.begin()
	t.time = line
	if t.checkTimes(how, timed, bad) && how.Every != "" && line.at != nil {
		if err := t.fillAbsent(how); err != nil {
			bad("every", "%v", err)
		}
	}
	if err := t.addCalendar(how); err != nil {
		bad("calendar", "%v", err)
	}
}

// begin notes where groups begin.
func (t *timeline) begin() {
	for row, g := range t.group {
		if row == 0 || g != t.group[row-1] {
			t.starts = append(t.starts, int32(row))
		}
	}
	t.starts = append(t.starts, int32(len(t.group)))
	if len(t.starts) == 1 {
		t.starts = []int32{0, 0}
	}
}

// readTimes reads the moments of rows. Without a column that is named for it, one that looks like it is taken.
func (t *Table) readTimes(line *timeline, how *Timing, timed bool, bad func(key, format string, args ...any)) {
	if how.OrderBy != "" {
		c := t.column(how.OrderBy)
		if c == nil && how.Found {
			return
		}
		if c == nil {
			bad("order_by", "%s", noColumn(t.Header, how.OrderBy))
			return
		}
		at, clock, where, ok := readMoments(c, t.Rows, line.group, how.Layout)
		if !ok && how.Found {
			return
		}
		if !ok {
			bad("order_by", "%s: column %q: %s is neither a number nor a date in the form of the others", t.place(where), c.Name, quote(c.field(where)))
			return
		}
		line.at, line.clock, line.column = at, clock, c.Name
		how.Layout = clock.layout
		return
	}
	if !timed {
		return
	}
	for _, c := range t.Columns {
		if !c.IsText() || t.Rows == 0 || c.Name == how.Group || !momentLike(c) {
			continue
		}
		if at, clock, _, ok := readMoments(c, t.Rows, line.group, how.Layout); ok {
			how.OrderBy, how.Found, how.Layout = c.Name, true, clock.layout
			line.at, line.clock, line.column = at, clock, c.Name
			return
		}
	}
}

// momentLike reports whether a column may tell when its rows are: by its name, or by its first field.
func momentLike(c *Column) bool {
	switch strings.ToLower(c.Name) {
	case "t", "time", "date", "datetime", "timestamp", "ds", "month", "day", "step", "index", "year":
		return c.field(0) != ""
	}
	return dateOrTime.MatchString(c.field(0))
}

// checkTimes wants moments that rise within each group, and reports whether they do.
func (t *Table) checkTimes(how *Timing, timed bool, bad func(key, format string, args ...any)) bool {
	line := t.time
	for row := int32(1); timed && line.at != nil && row < int32(t.Rows); row++ {
		if line.group[row] != line.group[row-1] || line.at[row] > line.at[row-1] {
			continue
		}
		c := t.column(line.column)
		what := fmt.Sprintf("%s at %s and %s at %s", quote(c.field(row-1)), t.place(row-1), quote(c.field(row)), t.place(row))
		twice := line.clock.twiceHint(line.at[row-1], line.at[row], c.field(row))
		switch {
		case line.at[row] < line.at[row-1]:
			bad("", "rows are not in the order of the column %q: %s; order_by: %s sorts them%s%s", line.column, what, line.column, t.severalHint(how), twice)
		case how.Found && how.Group == "":
			bad("", "two rows have the same %q: %s; if the table holds several series, group: COLUMN tells them apart%s", line.column, what, twice)
		default:
			bad("order_by", "two rows%s have the same %q: %s%s", ofGroup(how), line.column, what, twice)
		}
		return false
	}
	return true
}

func (t *Table) severalHint(how *Timing) string {
	if how.Group != "" {
		return ""
	}
	return ", and group: COLUMN tells several series in one table apart"
}

func ofGroup(how *Timing) string {
	if how.Group == "" {
		return ""
	}
	return " of the same group"
}

// permute brings rows into another order.
func (t *Table) permute(order []int32) {
	same := true
	for i, row := range order {
		same = same && int32(i) == row
	}
	if same {
		return
	}
	t.relocate(order)
	for i, c := range t.Columns {
		t.Columns[i] = c.picked(order)
	}
}

// relocate makes the places of rows those of others.
func (t *Table) relocate(order []int32) {
	if t.sources != nil || len(t.files) > 1 || t.lines == nil {
		places := make([]string, len(order))
		for i, row := range order {
			places[i] = t.place(row)
		}
		t.sources = places
	}
	if t.lines != nil {
		t.lines = pick(t.lines, order)
	}
}
