package table

import (
	"fmt"
	"iter"
	"slices"
	"sort"
	"strings"

	"dnn/internal/phrase"
)

// Table is what a format reads: named columns of equal length.
type Table struct {
	Header  []string  // the names of all columns, kept or not
	Columns []*Column // those that are kept
	Rows    int
	Offers  []Offer // default targets

	Key     string     // the key of the spec that named the files
	Lines   []int32    // the line on which each row begins; nil for data without lines
	Files   []FileSpan // the files, each with its first row
	Sources []string   // the file of each row, if each has its own
	Whole   bool       // each file is one sequence
	// Unmatched are the words of missing_values that no field was.
	Unmatched []string
	// nameless says that the file has no names for the columns.
	Nameless bool
	// Unnamed says that only the first column has none.
	Unnamed bool

	Time *TimeIndex // of rows that were sorted in time; nil for others
	Long *LongTable // of rows that each combine several; nil for others
}

// Offer is a column that the data itself offers as a target.
type Offer struct {
	Column  string
	Type    string   // "number" or "category", of a single label
	Classes []string // of a category, if known beforehand
	Tags    bool     // a field has one label per step of a sequence, each of one character
}

// Names lists the files that were read.
func (t *Table) Names() (names []string) {
	for _, f := range t.Files {
		names = append(names, f.Name)
	}
	return names
}

// FileSpan is a file of a table and its first row.
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

// ByName returns the kept columns by their names, for those who look up many.
func ByName(t *Table) map[string]*Column {
	columns := make(map[string]*Column, len(t.Columns))
	for _, c := range slices.Backward(t.Columns) { // the first of a name
		columns[c.Name] = c
	}
	return columns
}

// Keep adds the columns that wanted chooses from the header.
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

// Place names a row in messages: "adult.csv:17", or "row 17" (from 1) for data without lines.
func (t *Table) Place(row int32) string {
	if t.Time != nil && t.Time.Origin[row] == Inserted {
		return "missing after " + t.placeRead(row)
	}
	return t.placeRead(row)
}

// placeRead is Place for a row that was read, or for the last one read before it.
func (t *Table) placeRead(row int32) string {
	if t.Sources != nil {
		return t.Sources[row]
	}
	file := t.File(row)
	if t.Lines == nil {
		return strings.TrimSpace(fmt.Sprintf("%s row %d", file, row+1))
	}
	if file == "" { // of a stream, whose messages name it themselves
		return fmt.Sprintf("line %d", t.Lines[row])
	}
	return fmt.Sprintf("%s:%d", file, t.Lines[row])
}

// File returns the file that contains a row.
func (t *Table) File(row int32) string {
	after := sort.Search(len(t.Files), func(i int) bool { return t.Files[i].First > int(row) })
	if after == 0 {
		return ""
	}
	return t.Files[after-1].Name
}

// Line is the line on which a row begins, or its number from 1.
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

// Prefix names a split with files of its own in messages.
func (t *Table) Prefix() string {
	if t.Key == "path" {
		return ""
	}
	return t.Key + ": "
}

// ByFile divides rows, in order, among the files that they are from. Those of several files that were sorted in time stay together.
func ByFile(t *Table, rows []int32) iter.Seq2[string, []int32] {
	return func(yield func(string, []int32) bool) {
		if len(t.Files) < 2 || t.Sources != nil {
			yield(phrase.List(t.Names()), rows)
			return
		}
		for i, f := range t.Files {
			end := len(rows)
			if i+1 < len(t.Files) {
				end, _ = slices.BinarySearch(rows, int32(t.Files[i+1].First))
			}
			from, _ := slices.BinarySearch(rows, int32(f.First))
			if from < end && !yield(f.Name, rows[from:end]) {
				return
			}
		}
	}
}
