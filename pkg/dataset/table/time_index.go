package table

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/record"
)

// Ordering says how the rows of a table follow one another in time.
type Ordering struct {
	Group    string   `json:"group,omitempty"`       // the column that names the series of a row
	OrderBy  string   `json:"order_by,omitempty"`    // the column of timestamps
	Groups   []string `json:"groups,omitempty"`      // the series of the training split
	Found    bool     `json:"found,omitempty"`       // whether the column was found, not named in the spec
	ID       string   `json:"sequence_id,omitempty"` // the column whose equal values make one row of the dataset
	Layout   string   `json:"layout,omitempty"`      // the layout of its dates, in Go's notation
	Every    string   `json:"every,omitempty"`       // the frequency of rows; missing ones are added
	Calendar []string `json:"calendar,omitempty"`    // calendar columns to add
	Holidays []string `json:"holidays,omitempty"`    // days of the calendar column of that name: 2024-12-25
	Format   string   `json:"date_format,omitempty"` // the date format that timestamps must have
	Parts    []string `json:"parts,omitempty"`       // the columns of year, month and so on that OrderBy is made of
	Numbers  bool     `json:"-"`                     // timestamps are known to be numbers, as in the training split
}

// known is what the training split tells of timestamps: the layout of dates, or that there are none.
func (o *Ordering) known() string {
	if o.Numbers {
		return dates.Numbers
	}
	return o.Layout
}

// TimeIndex says how the rows of a table lie in time: the rows of a group are adjacent and in order.
type TimeIndex struct {
	Groups   []string // names, in the order of the table
	Starts   []int32  // the first row of each group, and the end
	Group    []int32  // by row
	Origin   []int32  // the number of each row in the files, or Inserted
	Column   string   // of timestamps, "" for none
	At       []float64
	Format   dates.TimeFormat
	Made     int      // rows that were inserted
	First    int32    // the first of them
	calendar []string // calendar columns that were added
	history  []bool   // by row: whether it comes from an earlier table; nil if none does
	before   []int32  // starts, before rows were added for the future; nil if none were
}

// Range returns the rows of the group of a row.
func (t *TimeIndex) Range(row int32) (from, to int32) {
	g := t.Group[row]
	return t.Starts[g], t.Starts[g+1]
}

// ReadStarts are the starts of groups without the rows that were added for the future.
func (t *TimeIndex) ReadStarts() []int32 {
	if t.before != nil {
		return t.before
	}
	return t.Starts
}

// GroupsOf returns the groups of some rows.
func (t *TimeIndex) GroupsOf(rows []int32) (names []string) {
	has := make([]bool, len(t.Groups))
	for _, row := range rows {
		has[t.Group[row]] = true
	}
	for g, name := range t.Groups {
		if has[g] {
			names = append(names, name)
		}
	}
	return names
}

// Arrange sorts the rows of a table in time, group by group. It calls bad for each mistake, with the key of the
// setting.
func (t *Table) Arrange(how *Ordering, timed bool, bad func(key, format string, args ...any)) {
	compose(t, how, bad)
	line := &TimeIndex{Group: make([]int32, t.Rows), Origin: make([]int32, t.Rows)}
	rank := map[string]int32{}
	groups := t.Column(how.Group)
	if how.Group == "" {
		groups = nil
		line.Groups = []string{""}
	} else if groups == nil {
		bad("group", "%s", record.NoColumn(t.Header, how.Group))
		line.Groups = []string{""}
	}
	for row := range int32(t.Rows) {
		line.Origin[row] = row
		if groups == nil {
			continue
		}
		name := groups.Field(row)
		at, known := rank[name]
		if !known {
			at = int32(len(line.Groups))
			rank[name], line.Groups = at, append(line.Groups, name)
		}
		line.Group[row] = at
	}
	t.readTimes(line, how, timed, bad)
	order := line.Origin
	slices.SortStableFunc(order, func(a, b int32) int {
		if c := cmp.Compare(line.Group[a], line.Group[b]); c != 0 || line.At == nil || how.Found {
			return c
		}
		return cmp.Compare(line.At[a], line.At[b])
	})
	t.permute(order)
	line.Group = pick(line.Group, order)
	if line.At != nil {
		line.At = pick(line.At, order)
	}
	line.begin()
	t.Time = line
	if t.checkTimes(how, timed, bad) && how.Every != "" && line.At != nil {
		if err := t.fillMissing(how); err != nil {
			bad("every", "%v", err)
		}
	}
	if err := t.addCalendar(how); err != nil {
		bad("calendar", "%v", err)
	}
}

// begin finds where groups begin.
func (t *TimeIndex) begin() {
	for row, g := range t.Group {
		if row == 0 || g != t.Group[row-1] {
			t.Starts = append(t.Starts, int32(row))
		}
	}
	t.Starts = append(t.Starts, int32(len(t.Group)))
	if len(t.Starts) == 1 {
		t.Starts = []int32{0, 0}
	}
}

// readTimes reads the timestamps of rows. If no column is named for it, one that looks like timestamps is used.
func (t *Table) readTimes(line *TimeIndex, how *Ordering, timed bool, bad func(key, format string, args ...any)) {
	if how.OrderBy != "" {
		c := t.Column(how.OrderBy)
		if c == nil && how.Found {
			return
		}
		if c == nil && len(how.Parts) > 0 { // as compose said
			return
		}
		if c == nil {
			bad("order_by", "%s", record.NoColumn(t.Header, how.OrderBy))
			return
		}
		at, clock, err := dates.ReadTimestamps(TimestampsOf(c), line.Group, how.known(), how.Format)
		if err != nil && how.Found {
			return
		}
		if err != nil {
			bad("order_by", "%s", timestampMistake(err, t, c))
			return
		}
		line.At, line.Format, line.Column = at, clock, c.Name
		how.Layout = clock.Layout
		return
	}
	if !timed {
		return
	}
	for _, c := range t.Columns {
		if !c.IsText() || t.Rows == 0 || c.Name == how.Group || !timestampLike(c) {
			continue
		}
		if at, clock, err := dates.ReadTimestamps(TimestampsOf(c), line.Group, how.known(), ""); err == nil && (!namesPart(c) || dates.Rising(at, line.Group)) {
			how.OrderBy, how.Found, how.Layout = c.Name, true, clock.Layout
			line.At, line.Format, line.Column = at, clock, c.Name
			return
		}
	}
}

// timestampMistake says what is wrong with a column of a table.
func timestampMistake(e *dates.TimestampError, t *Table, c *Column) string {
	if e.Forms != nil {
		return fmt.Sprintf("column %q: %s at %s: %v", c.Name, phrase.Quote(c.Field(e.Row)), t.Place(e.Row), e)
	}
	return fmt.Sprintf("%s: column %q: %s %v", t.Place(e.Row), c.Name, phrase.Quote(c.Field(e.Row)), e)
}

// TimestampsOf is a column as one of timestamps.
func TimestampsOf(c *Column) *dates.Column {
	return &dates.Column{Name: c.Name, Rows: c.Len(), Field: c.Field}
}

// timestampLike reports whether a column seems to hold timestamps, by its name or its first field.
func timestampLike(c *Column) bool {
	switch strings.ToLower(c.Name) {
	case "t", "time", "date", "datetime", "timestamp", "ds", "step", "index", "year":
		return c.Field(0) != ""
	}
	return dates.DateOrTime.MatchString(c.Field(0))
}

// namesPart reports whether a column is named like a part of a date, which alone is seldom the order of rows.
func namesPart(c *Column) bool { return strings.EqualFold(c.Name, "year") }

// checkTimes checks that timestamps rise within each group, and reports whether they do.
func (t *Table) checkTimes(how *Ordering, timed bool, bad func(key, format string, args ...any)) bool {
	line := t.Time
	for row := int32(1); timed && line.At != nil && row < int32(t.Rows); row++ {
		if line.Group[row] != line.Group[row-1] || line.At[row] > line.At[row-1] {
			continue
		}
		c := t.Column(line.Column)
		what := fmt.Sprintf("%s at %s and %s at %s", phrase.Quote(c.Field(row-1)), t.Place(row-1), phrase.Quote(c.Field(row)), t.Place(row))
		twice := line.Format.TwiceHint(line.At[row-1], line.At[row], c.Field(row))
		switch {
		case line.At[row] < line.At[row-1]:
			bad("", "the rows are not sorted by the column %q: %s; order_by: %s sorts them%s%s", line.Column, what, line.Column, t.severalHint(how), twice)
		case how.Found && how.Group == "":
			bad("", "two rows have the same %q: %s; if the table holds several series, name the column of their names with group: COLUMN%s", line.Column, what, twice)
		default:
			bad("order_by", "two rows%s have the same %q: %s%s", ofGroup(how), line.Column, what, twice)
		}
		return false
	}
	return true
}

func (t *Table) severalHint(how *Ordering) string {
	if how.Group != "" {
		return ""
	}
	return ", and group: COLUMN separates several series in one table"
}

func ofGroup(how *Ordering) string {
	if how.Group == "" {
		return ""
	}
	return " of the same group"
}

// permute reorders the rows.
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

// relocate reorders the places of the rows.
func (t *Table) relocate(order []int32) {
	if t.Sources != nil || len(t.Files) > 1 || t.Lines == nil {
		places := make([]string, len(order))
		for i, row := range order {
			places[i] = t.Place(row)
		}
		t.Sources = places
	}
	if t.Lines != nil {
		t.Lines = pick(t.Lines, order)
	}
}

// Longest is how many of the given rows are in the group that has most of them.
func (t *TimeIndex) Longest(rows []int32) int {
	counts := make([]int, len(t.Groups)+1)
	for _, row := range rows {
		counts[t.Group[row]]++
	}
	return slices.Max(counts)
}
