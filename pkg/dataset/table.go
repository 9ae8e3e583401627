package dataset

import (
	"fmt"
	"math"
	"slices"
	"sort"
	"strings"
)

// Table is what a format reads: named columns of equal length.
type Table struct {
	Header  []string  // the names of all columns, of those that are not kept too
	Columns []*Column // those that are kept
	Rows    int
	Targets Targets // the target when the spec names none

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

// Column is one column of a table: fields of text, or pictures. A field is trimmed, and empty when it is a gap.
type Column struct {
	Name   string
	Pixels *Pixels      // nil for fields
	files  *SeriesFiles // how the files were read whose series the fields are; nil of others

	text string // all fields, one after the other
	ends []uint32

	building strings.Builder
}

// field returns the text of a row, "" for a gap.
func (c *Column) field(row int32) string {
	from := uint32(0)
	if row > 0 {
		from = c.ends[row-1]
	}
	return c.text[from:c.ends[row]]
}

func (c *Column) add(field string) error {
	if err := c.room(len(field)); err != nil {
		return err
	}
	c.building.WriteString(field)
	c.ends = append(c.ends, uint32(c.building.Len()))
	return nil
}

// room is an error unless a column can hold so many bytes more.
func (c *Column) room(bytes int) error {
	if c.building.Len()+bytes > math.MaxUint32 {
		return fmt.Errorf("column %q holds more than 4 GiB of text", c.Name)
	}
	return nil
}

func (c *Column) seal() { c.text = c.building.String() }

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
