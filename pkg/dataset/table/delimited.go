package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
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
	numbers numbering
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
}

// OpenDelimited starts to read rows of fields.
func OpenDelimited(r io.Reader, h Header, f Fields) (RowReader, error) {
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
	switch {
	case f.Escape != "":
		d.read = escapedRows(b, d.Comma, f.Escape[0], f.Quotes)
	case f.Quotes:
		d.read = quotedRows(b, d.Comma, &d.numbers)
	default:
		d.read = plainRows(b, d.Comma)
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
	d.numbers.skipped = skipped
	if d.Comment == "" || err != nil {
		return b, err
	}
	d.numbers.comments = &uncommented{b: b, mark: []byte(d.Comment), quotes: d.Quotes}
	return bufio.NewReaderSize(d.numbers.comments, ReadBuffer), nil
}

// begin reads the header.
func (d *delimited) begin(h Header) (RowReader, error) {
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
		for d.err == nil && d.repeats.is(d.row, d.numbers.of(d.line)) {
			d.given(d.row, d.line)
			d.row, d.line, d.err = d.read()
		}
	}
	if d.err == io.EOF && d.lines != nil {
		d.line = d.lines.count() + 1 - d.numbers.leftOut()
	}
	if gap := d.after; (d.err == nil || d.err == io.EOF) && len(d.names) == 1 && gap > 0 && gap < d.line {
		d.ahead, d.after = true, gap+1
		return oneGap, d.numbers.of(gap), nil
	}
	fields, line, err := d.row, d.numbers.of(d.line), d.err
	d.ahead, d.after = false, 0
	if e, ok := err.(*RowError); ok {
		e.Line = line
	}
	if err != nil {
		return nil, line, err
	}
	d.given(fields, d.line)
	if !d.Quotes && len(fields) > len(d.names) {
		fields = d.quoted(fields)
	}
	if len(fields) != len(d.names) {
		text := fmt.Sprintf("%s, but there %s", phrase.Count(len(fields), "field"), phrase.Are(len(d.names), "column"))
		if len(d.names) == 1 && len(d.repeats.header) == 1 {
			text += fmt.Sprintf("; if %s is no header line, skip_rows leaves out the lines before it", phrase.Quote(d.repeats.header[0]))
		}
		return fields, line, &RowError{Line: line, Text: text}
	}
	return fields, line, nil
}

// quoted reads a row of too many fields once more, as one whose quotes keep delimiters together. It is what it was unless the row
// is right then.
func (d *delimited) quoted(fields []string) []string {
	c := csv.NewReader(strings.NewReader(strings.Join(fields, string(d.Comma))))
	c.Comma = d.Comma
	again, err := c.Read()
	if err != nil || len(again) != len(d.names) {
		return fields
	}
	return again
}

// given notes the line on which a row ends. Its fields may contain line ends.
func (d *delimited) given(fields []string, line int) {
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

// quotedRows reads rows whose fields may be quoted.
func quotedRows(r io.Reader, comma rune, numbers *numbering) func() ([]string, int, error) {
	c := csv.NewReader(r)
	c.Comma = comma
	c.ReuseRecord = true
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = comma != '\t' && comma != ' ' // a quote after a space opens a quoted field
	return func() ([]string, int, error) {
		fields, err := c.Read()
		var pe *csv.ParseError
		if errors.As(err, &pe) {
			return nil, pe.StartLine, &RowError{Line: pe.StartLine, Text: quoteError(pe, numbers)}
		}
		if err != nil {
			return nil, 0, err
		}
		line, _ := c.FieldPos(0)
		return fields, line, nil
	}
}

func quoteError(pe *csv.ParseError, numbers *numbering) string {
	switch {
	case errors.Is(pe.Err, csv.ErrBareQuote):
		return fmt.Sprintf("a quote in the middle of a field (column %d); %s", pe.Column, quotesHint)
	case pe.Line != pe.StartLine:
		return fmt.Sprintf("a quoted field does not end properly in line %d; %s", numbers.of(pe.Line), quotesHint)
	}
	return fmt.Sprintf("a quoted field does not end properly (column %d); %s", pe.Column, quotesHint)
}

const quotesHint = `quote a field that contains quotes, and double those ("say ""hi"""), or set quotes: false to read quotes as letters`

// plainRows reads rows in which a quote is an ordinary letter and every line is a row. Empty lines are skipped.
func plainRows(r io.Reader, comma rune) func() ([]string, int, error) {
	b := bufio.NewReaderSize(r, 64<<10)
	var fields []string
	line, sep := 0, string(comma)
	return func() ([]string, int, error) {
		for {
			text, err := b.ReadString('\n')
			if err != nil && err != io.EOF {
				return nil, 0, err
			}
			if text == "" {
				return nil, 0, io.EOF
			}
			line++
			text = strings.TrimSuffix(strings.TrimSuffix(text, "\n"), "\r")
			if text == "" {
				continue
			}
			fields = fields[:0]
			for {
				field, rest, more := strings.Cut(text, sep)
				fields = append(fields, field)
				if !more {
					return fields, line, nil
				}
				text = rest
			}
		}
	}
}
