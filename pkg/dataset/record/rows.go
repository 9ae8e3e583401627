package record

import (
	"fmt"
	"io"
)

// rows reads the rows of a text: lines that are not empty, each with those that follow while a quote is open.
type rows struct {
	lineReader
	split
	row []byte // one of several lines
}

// next returns the next row, and the line in which it begins. The row is valid until the next call.
func (r *rows) next() (row []byte, line int, err error) {
	for len(row) == 0 {
		if row, err = r.lineReader.next(); err != nil {
			return nil, 0, err
		}
	}
	line = r.count
	if !r.quoted(row) || !r.cut(row) {
		return row, line, nil
	}
	r.row = append(r.row[:0], row...)
	for {
		next, err := r.lineReader.next()
		if err == io.EOF {
			return r.row, line, nil
		}
		if err != nil {
			return nil, 0, err
		}
		r.row = append(append(r.row, '\n'), next...)
		if len(r.row) > r.limit.bytes() {
			return nil, 0, fmt.Errorf("%s within %s, the most that max_line allows; %s", r.wrong(r.row, r.numbers.of(line)), r.limit, quotesHint)
		}
		if !r.more(r.row) {
			return r.row, line, nil
		}
	}
}

// fields reads the fields of the next row, and the line in which it begins.
func (r *rows) fields(into []string) (fields []string, line int, err error) {
	row, line, err := r.next()
	if err != nil {
		return nil, 0, err
	}
	r.cut(row)
	if wrong := r.wrong(row, r.numbers.of(line)); wrong != "" {
		return nil, line, &RowError{Line: line, Text: wrong + "; " + quotesHintFor(row)}
	}
	return fieldsOf(&r.split, into), line, nil
}

// fieldsOf returns the fields of a row that was cut, which are parts of one string.
func fieldsOf(s *split, into []string) []string {
	text := string(s.of)
	for _, f := range s.spans {
		into = append(into, text[f.from:f.to])
	}
	return into
}
