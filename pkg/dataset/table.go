package dataset

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

	key     string   // the key of the spec that named the files
	lines   []int32  // the line each row begins in; nil for data without lines
	files   []span   // the files, each with its first row
	sources []string // the file of each row, where each has its own
	whole   bool     // each file is one sequence
	// nameless says that the columns have no names in the file.
	nameless bool

	time *timeline  // of rows that were brought into their order in time; nil of others
	long *longTable // of rows that are made of several; nil of others
}

// Offer is a column that the data itself offers as a target.
type Offer struct {
	Column  string
	Type    string   // "number" or "category", of a single label
	Classes []string // of a category, where they are known beforehand
	Tags    bool     // a field holds a label for each step of a sequence, each of one character
}

// names lists the files that were read.
func (t *Table) names() (names []string) {
	for _, f := range t.files {
		names = append(names, f.name)
	}
	return names
}

type span struct {
	name  string
	first int
}

// column returns the kept column of that name, or nil.
func (t *Table) column(name string) *Column {
	for _, c := range t.Columns {
		if c.Name == name {
			return c
		}
	}
	return nil
}

// keep makes the columns that wanted chooses from the header.
func (t *Table) keep(header []string, wanted func(string) bool) (at []int) {
	t.Header = header
	for i, name := range header {
		if wanted(name) {
			at = append(at, i)
			t.Columns = append(t.Columns, &Column{Name: name})
		}
	}
	return at
}

// place names a row for messages: "adult.csv:17", or "row 17" (from 1) of data without lines.
func (t *Table) place(row int32) string {
	if t.time != nil && t.time.origin[row] == absent {
		return "absent after " + t.placeRead(row)
	}
	return t.placeRead(row)
}

// placeRead is place of a row that was read, or the last that was read before it.
func (t *Table) placeRead(row int32) string {
	if t.sources != nil {
		return t.sources[row]
	}
	file := t.file(row)
	if t.lines == nil {
		return strings.TrimSpace(fmt.Sprintf("%s row %d", file, row+1))
	}
	if file == "" { // of a stream, which messages name themselves
		return fmt.Sprintf("line %d", t.lines[row])
	}
	return fmt.Sprintf("%s:%d", file, t.lines[row])
}

// file is the file that a row stands in.
func (t *Table) file(row int32) string {
	after := sort.Search(len(t.files), func(i int) bool { return t.files[i].first > int(row) })
	if after == 0 {
		return ""
	}
	return t.files[after-1].name
}

// doubled lists the names that stand in the header twice.
func doubled(header []string) []string {
	var twice []string
	for i, name := range header {
		if slices.Contains(header[:i], name) && !slices.Contains(twice, name) {
			twice = append(twice, name)
		}
	}
	return twice
}

// line is where a row begins, or its number from 1.
func (t *Table) line(row int32) int32 {
	if t.lines == nil {
		return row + 1
	}
	return t.lines[row]
}

func everyRowOf(t *Table) []int32 {
	rows := make([]int32, t.Rows)
	for i := range rows {
		rows[i] = int32(i)
	}
	return rows
}
