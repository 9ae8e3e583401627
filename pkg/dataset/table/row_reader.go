package table

import (
	"fmt"
	"io"
)

// RowReader reads rows of fields, one after the other, in constant memory.
type RowReader interface {
	// Header returns the names of the columns.
	Header() []string
	// Next returns the fields of the next row, parallel to the header and valid until the next call, and the line it
	// begins in. A *RowError is a row that cannot be read; the one after it can. io.EOF is the end.
	Next() (fields []string, line int, err error)
}

// RowError is a row that cannot be read or encoded.
type RowError struct {
	Line   int    // where the row begins, from 1
	Column string // "" when it is the row as a whole
	Text   string
	// NoHistory says that it is no mistake: the rows that its inputs are made of do not lie within the file.
	NoHistory bool
	// Unread says that nothing is wrong but a picture that cannot be read, as on_error: skip means it.
	Unread bool

	Gap bool // what cannot be read is a gap
}

func (e *RowError) Error() string {
	if e.Column == "" {
		return fmt.Sprintf("line %d: %s", e.Line, e.Text)
	}
	return fmt.Sprintf("line %d: column %q: %s", e.Line, e.Column, e.Text)
}

// Each tells of each kept column what f says of its name.
func (t *Table) Each(f func(column string) bool) []bool {
	list := make([]bool, len(t.Columns))
	for i, c := range t.Columns {
		list[i] = f(c.Name)
	}
	return list
}

// Fill appends all rows of a file. plain tells columns whose fields are texts.
func (t *Table) Fill(rec RowReader, kept []int, clean *Cleaner, plain func(column string) bool, bad func(*RowError)) error {
	texts := t.Each(plain)
	for {
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
		for i, at := range kept {
			field := ""
			if at < len(fields) {
				field = clean.Field(fields[at], texts[i])
			}
			if err := t.Columns[i].Add(field); err != nil {
				return err
			}
		}
		t.Lines = append(t.Lines, int32(line))
		t.Rows++
	}
}
