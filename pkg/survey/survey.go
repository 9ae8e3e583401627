// Package survey looks at the columns of a table before there is a net: what each holds, and which of them are of no use or
// give the target away.
package survey

import (
	"maps"
	"slices"
	"strings"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// Fault is what speaks against a column as an input.
type Fault string

// The faults of a column.
const (
	Sound      Fault = ""
	Empty      Fault = "empty"      // nearly all fields are gaps
	Constant   Fault = "constant"   // all fields are the same
	RowNumber  Fault = "row_number" // a different whole number in each row
	Identifier Fault = "id"         // nearly each row has another word
	Date       Fault = "date"       // dates or times, read as words
	Form       Fault = "form"       // numbers in a form that is not read, such as 22,5 or 5%
	Leak       Fault = "leak"       // the column gives the target away
)

// Column is what was seen of a column.
type Column struct {
	*table.Column
	Type      string // of an input, as the dataset infers it (number, category, text, image), or labels or binary, which are words to it
	Separator string // between labels; "" where brackets tell them
	Gaps      int
	Words     int            // different fields
	Counts    map[string]int // of each
	Numbers   *Numbers       // of a column of numbers
	WordsEach int            // words in a field, on average
	Fault     Fault
	Why       string // the fault in words
}

// Table is a table and what was seen of its columns.
type Table struct {
	*table.Table
	Seen   []*Column
	Target *Column // nil without one
	Groups *Column // whose values several rows share each, such as a patient; nil without one
	Clock  *Clock  // how the rows lie in time; nil if they do not
	Dates  *Clock  // a column of timestamps, whatever the order of the rows; nil without one
	// Steps are timestamps that several columns make up, or the first column of evenly spaced numbers, which may count time: seconds
	// since 1970, days of Excel, steps.
	Steps *Clock
	// Unclear is a column of dates in which day and month may be mistaken, and why; "" without one.
	Unclear string
}

// Of looks at all columns of a table. target is the column to predict, or "".
func Of(t *table.Table, target string) *Table {
	s := &Table{Table: t}
	for _, c := range t.Columns {
		one := look(t, c)
		s.Seen = append(s.Seen, one)
		if c.Name == target {
			s.Target = one
		}
	}
	s.Clock, s.Dates = s.findClock()
	if s.Steps = s.findComposed(); s.Steps == nil {
		s.Steps = s.findSteps()
	}
	for _, c := range s.Seen {
		if c != s.Target && c.IsText() {
			c.judge(t.Rows)
		}
	}
	s.findGroups()
	if s.Target != nil && s.Target.IsText() {
		s.findLeaks()
	}
	return s
}

// Column returns what was seen of a column, or nil.
func (s *Table) Column(name string) *Column {
	for _, c := range s.Seen {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Inputs are the columns that may be inputs: those without a fault but the target.
func (s *Table) Inputs() (list []*Column) {
	for _, c := range s.Seen {
		if c != s.Target && c.Fault == Sound && (s.Clock == nil || c != s.Clock.Column || c.Type == "number") {
			list = append(list, c)
		}
	}
	return list
}

// look describes a column by itself.
func look(t *table.Table, c *table.Column) *Column {
	s := &Column{Column: c}
	if !c.IsText() {
		s.Type = "image"
		return s
	}
	s.Counts = map[string]int{}
	words := 0
	for row := range int32(t.Rows) {
		field := c.Field(row)
		if field == "" {
			s.Gaps++
			continue
		}
		s.Counts[field]++
		words += len(strings.Fields(field))
	}
	column.FoldBooleans(s.Counts)
	s.Words = len(s.Counts)
	if filled := t.Rows - s.Gaps; filled > 0 {
		s.WordsEach = words / filled
	}
	s.Type = inferred(t, c)
	if separator, _, lists := column.FindSeparator(s.Counts); lists && s.Type != "number" {
		s.Type, s.Separator = "labels", separator
	} else if s.Words == 2 && column.Booleans(slices.Collect(maps.Keys(s.Counts))) {
		s.Type = "binary"
	}
	if s.Type == "number" {
		s.Numbers = newNumbers(t, c)
	}
	return s
}

// inferred is the type of an input that the dataset infers for a column.
func inferred(t *table.Table, c *table.Column) string {
	rows := table.AllRows(t)
	f := &column.Fitting{
		Table: t, Rows: rows, History: rows,
		Spec:     column.Context{Named: true, FreeText: func(string) bool { return false }},
		Findings: &column.Findings{Problems: &spec.Problems{}, Warned: map[string]bool{}},
	}
	e := spec.New[column.Type]("auto").Fit(f, []*table.Column{c})
	if e == nil {
		return "category"
	}
	return column.KeyOfEncoder(column.Types, e, func(t column.Type) any {
		if e := t.Encoder(); e != nil {
			return e
		}
		return nil
	})
}
