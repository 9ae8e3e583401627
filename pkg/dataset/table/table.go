package table

import (
	"fmt"
	"slices"
	"sort"
	"strings"
)

// Table is what a format reads: named columns of equal length.
type Table struct {
	Header  []string  // the names of all columns, of those that are not kept too
	Columns []*Column // those that are kept
	Rows    int
	Offers  []Offer // the targets when the spec names none

	Key     string     // the key of the spec that named the files
	Lines   []int32    // the line each row begins in; nil for data without lines
	Files   []FileSpan // the files, each with its first row
	Sources []string   // the file of each row, where each has its own
	Whole   bool       // each file is one sequence
	// nameless says that the columns have no names in the file.
	Nameless bool

	Time *TimeIndex // of rows that were brought into their order in time; nil of others
	Long *LongTable // of rows that are made of several; nil of others
}

// Offer is a column that the data itself offers as a target.
type Offer struct {
	Column  string
	Type    string   // "number" or "category", of a single label
	Classes []string // of a category, where they are known beforehand
	Tags    bool     // a field holds a label for each step of a sequence, each of one character
}

// Names lists the files that were read.
func (t *Table) Names() (names []string) {
	for _, f := range t.Files {
		names = append(names, f.Name)
	}
	return names
}

// FileSpan is a file of a table and the first of its rows.
type FileSpan struct {
	Name  string
	First int
}

// Column returns the kept column of that name, or nil.
func (t *Table) Column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// Keep makes the columns that wanted chooses from the header.
func (t *Table) Keep(header []string, wanted func(string) bool) (at []int) {
	t.Header = header
	for i, name := range header {
		if wanted(name) {
			at = append(at, i)
			t.Columns = append(t.Columns, &Column{Name: name})
		}
	}
	return at
}

// Place names a row for messages: "adult.csv:17", or "row 17" (from 1) of data without lines.
func (t *Table) Place(row int32) string {
	if t.Time != nil && t.Time.Origin[row] == Inserted {
		return "absent after " + t.placeRead(row)
	}
	return t.placeRead(row)
}

// placeRead is place of a row that was read, or the last that was read before it.
func (t *Table) placeRead(row int32) string {
	if t.Sources != nil {
		return t.Sources[row]
	}
	file := t.File(row)
	if t.Lines == nil {
		return strings.TrimSpace(fmt.Sprintf("%s row %d", file, row+1))
	}
	if file == "" { // of a stream, which messages name themselves
		return fmt.Sprintf("line %d", t.Lines[row])
	}
	return fmt.Sprintf("%s:%d", file, t.Lines[row])
}

// File is the file that a row stands in.
func (t *Table) File(row int32) string {
	after := sort.Search(len(t.Files), func(i int) bool { return t.Files[i].First > int(row) })
	if after == 0 {
		return ""
	}
	return t.Files[after-1].Name
}

// Duplicates lists the names that stand in the header twice.
func Duplicates(header []string) []string {
	var twice []string
	for i, name := range header {
		if slices.Contains(header[:i], name) && !slices.Contains(twice, name) {
			twice = append(twice, name)
		}
	}
	return twice
}

// Line is where a row begins, or its number from 1.
func (t *Table) Line(row int32) int32 {
	if t.Lines == nil {
		return row + 1
	}
	return t.Lines[row]
}

// AllRows lists the rows of a table.
func AllRows(t *Table) []int32 {
	rows := make([]int32, t.Rows)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}
