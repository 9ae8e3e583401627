package table

import (
	"fmt"
	"io"
	"slices"
)

// RowReader reads rows of fields, one by one, in constant memory.
type RowReader interface {
	// Header returns the names of the columns.
	Header() []string
	// Next returns the fields of the next row, parallel to the header and valid until the next call, and the line it
	// begins on. A *RowError is a row that cannot be read; the next one may be readable. io.EOF is the end.
	Next() (fields []string, line int, err error)
}

// RowError is a row that cannot be read or encoded.
type RowError struct {
	Line   int    // where the row begins, from 1
	Column string // "" for the row as a whole
	Text   string
	// NoHistory says that the row is valid, but the rows that its inputs need are not in the file.
	NoHistory bool
	// Unread says that only an image cannot be read, which on_error: skip allows.
	Unread bool

	Gap bool // what cannot be read becomes a gap
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Text)
	}
	return fmt.Sprintf("line %d: column %q: %s", e.Line, e.Column, e.Text)
}

// Each calls f for each kept column with the index of its name.
func (t *Table) Each(f func(column string) bool) []bool {
	list := make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = f(c.Name)
	}
	return list
}

// grow adds the columns that were found after the first rows, which have gaps there.
func grow(t *Table, names []string, kept []int) []int {
	for at := len(t.Header); at < len(names); at++ {
		c := &Column{Name: names[at]}
		c.Repeat("", t.Rows)
		t.Columns, kept = append(t.Columns, c), append(kept, at)
	}
	t.Header = slices.Clone(names)
	return kept
}

// Fill appends all rows of a file. plain says which columns hold free text.
func (t *Table) Fill(rec RowReader, kept []int, clean *Cleaner, plain func(column string) bool, bad func(*RowError)) error {
	texts := t.Each(plain)
	for {
		if d, ok := rec.(*delimited); ok && d.inChunks() {
			return d.fill(t, kept, clean, texts, bad)
		}
		fields, line, err := rec.Next()
		if err == io.EOF {
			return nil
		}
		if e, ok := err.(*RowError); ok {
			bad(e)
			continue
		}
		if err != nil {
			return err
		}
		if names := rec.Header(); len(names) > len(t.Header) && t.Header != nil {
			kept = grow(t, names, kept)
			texts = t.Each(plain)
		}
		for i, at := range kept {
			field := ""
			if at < len(fields) {
				field = clean.Field(fields[at], texts[i])
			}
			t.Columns[i].Add(field)
		}
		t.Lines = append(t.Lines, int32(line))
		t.Rows++
	}
}
