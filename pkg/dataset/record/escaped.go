package record

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// escapedRows reads rows in which a character keeps the special meaning from the one that follows it. Empty lines are skipped. A
// field that is \N, as databases write a missing value, stays so.
func escapedRows(r *lineReader, comma rune, escape byte, quotes bool) func() ([]string, int, error) {
	e := &escapedReader{b: r.b, in: r, comma: []byte(string(comma)), escape: escape, quotes: quotes, next: 1}
	return e.row
}

type escapedReader struct {
	b      *bufio.Reader
	comma  []byte
	escape byte
	quotes bool
	next   int // the number of the line that is read next
	size   int // bytes of the row so far
	opened int // the line of the last quote that opened

	in *lineReader

	fields []string
	field  []byte
	quoted bool // within quotes
}

// row reads a row.
func (e *escapedReader) row() ([]string, int, error) {
	e.fields, e.size = e.fields[:0], 0
	line := e.next
	for {
		e.field = e.field[:0]
		ended, err := e.one()
		if err == io.EOF && e.quoted {
			e.quoted = false
			return nil, line, &RowError{Line: line, Text: fmt.Sprintf("the quote that opens in line %d does not end; %s", e.in.numbers.of(e.opened), quotesHint)}
		}
		if err == io.EOF && len(e.fields)+len(e.field) > 0 {
			ended, err = true, nil
		}
		if err != nil {
			return nil, 0, err
		}
		e.fields = append(e.fields, string(e.field))
		switch {
		case !ended:
		case len(e.fields) == 1 && e.fields[0] == "":
			e.fields, e.size, line = e.fields[:0], 0, e.next
		default:
			return e.fields, line, nil
		}
	}
}

// one reads a field, and reports whether the row ends with it.
func (e *escapedReader) one() (ended bool, err error) {
	plain := 0 // the bytes at the beginning that come before a quote, if only spaces do
	for {
		c, err := e.readByte()
		if err != nil {
			return true, err
		}
		switch {
		case c == e.escape:
			if c, err = e.readByte(); err != nil {
				return true, err
			}
			if c == 'N' && len(e.field) == 0 && !e.quoted {
				e.field = append(e.field, e.escape)
			}
			e.field = append(e.field, c)
		case e.quotes && c == '"' && e.quoted:
			if next, _ := e.b.Peek(1); len(next) == 1 && next[0] == '"' {
				e.b.Discard(1)
				e.field = append(e.field, '"') // doubled
				continue
			}
			e.quoted = false
		case e.quotes && c == '"' && len(e.field) == plain:
			e.field, e.quoted, e.opened = e.field[:0], true, e.next
		case e.quoted:
			e.field = append(e.field, c)
		case c == '\n':
			e.field = bytes.TrimSuffix(e.field, []byte{'\r'})
			return true, nil
		default:
			if e.field = append(e.field, c); c == ' ' && plain == len(e.field)-1 {
				plain++
			}
			if c == e.comma[len(e.comma)-1] && bytes.HasSuffix(e.field, e.comma) {
				e.field = e.field[:len(e.field)-len(e.comma)]
				return false, nil
			}
		}
	}
}

// readByte reads a byte and counts lines.
func (e *escapedReader) readByte() (byte, error) {
	c, err := e.b.ReadByte()
	if err == nil && c == '\n' {
		e.next++
	}
	if e.size++; e.size > e.in.limit.bytes() && err == nil {
		return 0, fmt.Errorf("the row that ends in line %d has more than %s, the most that max_line allows", e.in.numbers.of(e.next), e.in.limit)
	}
	return c, err
}
