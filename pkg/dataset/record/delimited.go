package record

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"dnn/internal/phrase"
)

// delimited reads rows of fields with a delimiter between them; csv and tsv use it. Empty lines are skipped. If there
// is only one column, they are gaps; after the last row only with Header.WithEmptyRows.
type delimited struct {
	names []string
	other *DelimiterError // the delimiter that the first line seems to use instead, or nil
	read  func() (fields []string, line int, err error)
	Fields
	rows    rows // unless fields have escapes
	repeats Repeats

	// The row that was read but not returned yet, if ahead is set: the first row of data, which was read to learn the
	// number of columns, or one after empty lines.
	ahead bool
	row   []string
	line  int
	err   error
	after int          // line after the last row that was returned; 0 if unknown
	lines *lineCounter // with Header.WithEmptyRows; else nil
}

// Header returns the names of the columns.
func (d *delimited) Header() []string { return d.names }

// Fields says how lines are cut into fields.
type Fields struct {
	Comma  rune // the delimiter, unless the first line of a file is sep= and another one
	Quotes bool // fields may be in double quotes; otherwise quotes are letters
	Lines
	Limit
}

// OpenDelimited starts to read rows of fields.
func OpenDelimited(r io.Reader, h Header, f Fields) (Reader, error) {
	var lines *lineCounter
	if coming, ok := r.(*PromptReader); ok && h.emptyRows {
		lines = coming.lines
	} else if h.emptyRows {
		lines = &lineCounter{Reader: r}
		r = lines
	}
	b, err := text(r)
	if err != nil {
		return nil, err
	}
	d := &delimited{Fields: f, lines: lines}
	if b, err = d.uncover(b); err != nil {
		return nil, err
	}
	first := firstLine(b)
	if err := oldLines(first); err != nil {
		return nil, err
	}
	d.other = otherDelimiter(first, d.Comma)
	d.rows.b, d.rows.limit, d.rows.split = b, f.Limit.orDefault(), newSplit(d.Comma, f.Quotes)
	d.read = func() ([]string, int, error) { return d.rows.fields(d.row[:0]) }
	if f.Escape != "" {
		d.read = escapedRows(&d.rows.lineReader, d.Comma, f.Escape[0], f.Quotes)
	}
	rec, err := d.begin(h)
	if err != nil && d.other != nil {
		return nil, d.other
	}
	if err != nil {
		return nil, fmt.Errorf("the header: %w", err)
	}
	return rec, nil
}

// uncover leaves out what stands in a file besides rows, and finds the delimiter where the file names it.
func (d *delimited) uncover(b *bufio.Reader) (*bufio.Reader, error) {
	skipped, comma, err := d.skip(b)
	if comma != 0 {
		d.Comma = comma
	}
	d.rows.numbers.skipped = skipped
	if d.Comment == "" || err != nil {
		return b, err
	}
	d.rows.numbers.comments = &uncommented{b: b, mark: []byte(d.Comment), quotes: d.Quotes}
	return bufio.NewReaderSize(d.rows.numbers.comments, ReadBuffer), nil
}

// begin reads the header.
func (d *delimited) begin(h Header) (Reader, error) {
	first, line, err := d.read()
	if err == io.EOF {
		if len(h.Names) > 0 {
			d.names = h.Names
			return d, nil
		}
		return nil, errors.New("the file is empty")
	}
	if err != nil {
		return nil, err
	}
	names, data, err := h.of(first)
	if err != nil {
		return nil, err
	}
	d.names = names
	if data {
		d.ahead, d.row, d.line = true, first, line
	} else {
		d.given(first, line)
		d.repeats.header = slices.Clone(first)
	}
	return d, nil
}

// Unnamed lists the places of the columns that have no name in the file.
func (d *delimited) Unnamed() (at []int) {
	for i, name := range d.repeats.header {
		if strings.TrimSpace(name) == "" {
			at = append(at, i)
		}
	}
	return at
}

// oneGap is an empty line of a single column.
var oneGap = []string{""}

// Next returns the next row.
func (d *delimited) Next() ([]string, int, error) {
	if !d.ahead {
		d.row, d.line, d.err = d.read()
		for d.err == nil && d.repeats.is(d.row, d.rows.numbers.of(d.line)) {
			d.given(d.row, d.line)
			d.row, d.line, d.err = d.read()
		}
	}
	if d.err == io.EOF && d.lines != nil {
		d.line = d.lines.count() + 1 - d.rows.numbers.leftOut()
	}
	if gap := d.after; (d.err == nil || d.err == io.EOF) && len(d.names) == 1 && gap > 0 && gap < d.line {
		d.ahead, d.after = true, gap+1
		return oneGap, d.rows.numbers.of(gap), nil
	}
	fields, line, err := d.row, d.rows.numbers.of(d.line), d.err
	d.ahead, d.after = false, 0
	if e, ok := err.(*RowError); ok {
		e.Line = line
	}
	if err != nil {
		return nil, line, err
	}
	d.given(fields, d.line)
	if !d.Quotes && d.Escape == "" && len(fields) > len(d.names) {
		d.cutQuoted(&d.rows.split)
		fields = fieldsOf(&d.rows.split, d.row[:0])
	}
	if len(fields) != len(d.names) {
		return fields, line, d.unlike(len(fields), line)
	}
	return fields, line, nil
}

// unlike is the mistake of a row with another number of fields.
func (d *delimited) unlike(fields, line int) *RowError {
	text := fmt.Sprintf("%s, but there %s", phrase.Count(fields, "field"), phrase.Are(len(d.names), "column"))
	if len(d.names) == 1 && len(d.repeats.header) == 1 {
		text += fmt.Sprintf("; if %s is no header line, skip_rows leaves out the lines before it", phrase.Quote(d.repeats.header[0]))
	}
	return &RowError{Line: line, Text: text}
}

// cutQuoted cuts a row of too many fields once more, as one whose quotes keep delimiters together. It is what it was unless the row
// is right then.
func (d *delimited) cutQuoted(s *split) {
	again := split{comma: s.comma, quotes: true}
	if open := again.cut(s.of); !open && again.fault < 0 && len(again.spans) == len(d.names) {
		s.of, s.spans = again.of, again.spans
	}
}

// given notes the line on which a row of a single column ends. Its fields may contain line ends.
func (d *delimited) given(fields []string, line int) {
	if len(d.names) > 1 {
		return
	}
	d.after = line + 1
	for _, f := range fields {
		d.after += strings.Count(f, "\n")
	}
}

// lineCounter counts the lines that are read through it.
type lineCounter struct {
	io.Reader
	ends int
	open bool // the last line has no end
}

func (c *lineCounter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.ends += bytes.Count(p[:n], []byte("\n"))
	if n > 0 {
		c.open = p[n-1] != '\n'
	}
	return n, err
}

func (c *lineCounter) count() int {
	if c.open {
		return c.ends + 1
	}
	return c.ends
}
