package record

import (
	"fmt"
)

// Reader reads rows of fields, one by one, in constant memory.
type Reader interface {
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
