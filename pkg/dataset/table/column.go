package table

import (
	"fmt"
	"io"
	"iter"
	"math"
	"strings"
)

// Content is what a column holds instead of text, such as images.
type Content interface {
	// Lacks reports whether the row cannot be read and is left out.
	Lacks(row int32) bool
}

// Column is one column of a table: fields of text, or other content. A field is trimmed; a gap is empty.
type Column struct {
	Name    string
	Content Content // nil for text

	text string // all fields, concatenated
	ends []uint32

	building strings.Builder
}

// Len is the number of fields.
func (c *Column) Len() int { return len(c.ends) }

// IsText reports whether the column holds text.
func (c *Column) IsText() bool { return c.Content == nil }

// Field returns the text of a row, "" for a gap.
func (c *Column) Field(row int32) string {
	from := uint32(0)
	if row > 0 {
		from = c.ends[row-1]
	}
	return c.text[from:c.ends[row]]
}

// Add appends a field. Seal must be called before fields are read.
func (c *Column) Add(field string) error {
	if err := c.checkSize(len(field)); err != nil {
		return err
	}
	c.building.WriteString(field)
	c.ends = append(c.ends, uint32(c.building.Len()))
	return nil
}

// checkSize fails if the column cannot hold that many more bytes.
func (c *Column) checkSize(bytes int) error {
	if c.building.Len()+bytes > math.MaxUint32 {
		return fmt.Errorf("column %q holds more than 4 GiB of text", c.Name)
	}
	return nil
}

// Seal ends the adding of fields.
func (c *Column) Seal() { c.text = c.building.String() }

// Fields yields the fields of some rows.
func (c *Column) Fields(rows []int32) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, r := range rows {
			if !yield(c.Field(r)) {
				return
			}
		}
	}
}

// Only returns the column with the fields of the given rows; all others are gaps.
func (c *Column) Only(rows []int32) *Column {
	other := &Column{Name: c.Name, ends: make([]uint32, len(c.ends))}
	for _, row := range rows {
		other.ends[row] = uint32(len(c.Field(row)))
	}
	for row, n := range other.ends {
		if n > 0 {
			other.building.WriteString(c.Field(int32(row)))
		}
		other.ends[row] = uint32(other.building.Len())
	}
	other.Seal()
	return other
}

// picked is a column of some rows of another, whose fields are text.
func (c *Column) picked(rows []int32) *Column {
	other := &Column{Name: c.Name}
	for _, row := range rows {
		other.Add(c.Field(row)) // no longer than the column, whose size was looked at
	}
	other.Seal()
	return other
}

func pick[T any](of []T, rows []int32) []T {
	list := make([]T, len(rows))
	for i, row := range rows {
		list[i] = of[row]
	}
	return list
}

// HoldsNumbers reports whether all fields of a column are numbers or gaps, and at least one is a number.
func (c *Column) HoldsNumbers(rows int) bool {
	some := false
	for row := range int32(rows) {
		field := c.Field(row)
		if _, ok := ParseNumber(field); !ok && field != "" {
			return false
		}
		some = some || field != ""
	}
	return some
}

// Append adds the fields of a sealed column.
func (c *Column) Append(other *Column) error {
	if err := c.checkSize(len(other.text)); err != nil {
		return err
	}
	base := uint32(c.building.Len())
	c.building.WriteString(other.text)
	for _, end := range other.ends {
		c.ends = append(c.ends, base+end)
	}
	return nil
}

// Repeat adds the same field several times.
func (c *Column) Repeat(field string, times int) error {
	if err := c.checkSize(len(field) * times); err != nil {
		return err
	}
	c.building.WriteString(strings.Repeat(field, times))
	for range times {
		end := len(field)
		if n := len(c.ends); n > 0 {
			end += int(c.ends[n-1])
		}
		c.ends = append(c.ends, uint32(end))
	}
	return nil
}

// Digest writes the name and all fields, for a digest of the data.
func (c *Column) Digest(w io.Writer) { fmt.Fprintf(w, "%s %d\n%s\n", c.Name, len(c.text), c.text) }
