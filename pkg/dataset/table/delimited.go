package table

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"dnn/internal/phrase"
)

// delimited reads rows of fields with a delimiter between them; csv and tsv use it. Empty lines are skipped. If there
// is only one column, they are gaps; after the last row only with Header.WithEmptyRows.
type delimited struct {
	names []string
	other *DelimiterError // the delimiter that the first line seems to use instead, or nil
	read  func() (fields []string, line int, err error)
	comma rune
	plain bool // quotes are letters

	unnamed bool // the first column has no name

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

// OpenDelimited starts to read rows with the given delimiter, whose fields may be in double quotes.
func OpenDelimited(r io.Reader, h Header, comma rune, quotes bool) (RowReader, error) {
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
	first := firstLine(b)
	if err := oldLines(first); err != nil {
		return nil, err
	}
	d := &delimited{other: otherDelimiter(first, comma), comma: comma, plain: !quotes, lines: lines}
	if quotes {
		d.read = quotedRows(b, comma)
	} else {
		d.read = plainRows(b, comma)
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
	d.names, d.unnamed = names, !data && strings.TrimSpace(first[0]) == ""
	if data {
		d.ahead, d.row, d.line = true, first, line
	} else {
		d.given(first, line)
	}
	return d, nil
}

// UnnamedFirst reports whether the first column has no name in the file.
func (d *delimited) UnnamedFirst() bool { return d.unnamed }

// oneGap is an empty line of a single column.
var oneGap = []string{""}

// Next returns the next row.
func (d *delimited) Next() ([]string, int, error) {
	if !d.ahead {
		d.row, d.line, d.err = d.read()
	}
	if d.err == io.EOF && d.lines != nil {
		d.line = d.lines.count() + 1
	}
	if gap := d.after; (d.err == nil || d.err == io.EOF) && len(d.names) == 1 && gap > 0 && gap < d.line {
		d.ahead, d.after = true, gap+1
		return oneGap, gap, nil
	}
	fields, line, err := d.row, d.line, d.err
	d.ahead, d.after = false, 0
	if err != nil {
		return nil, line, err
	}
	d.given(fields, line)
	if d.plain && len(fields) > len(d.names) {
		fields = d.quoted(fields)
	}
	if len(fields) != len(d.names) {
		return fields, line, &RowError{Line: line, Text: fmt.Sprintf("%s, but there %s", phrase.Count(len(fields), "field"), phrase.Are(len(d.names), "column"))}
	}
	return fields, line, nil
}

// quoted reads a row of too many fields once more, as one whose quotes keep delimiters together. It is what it was unless the row
// is right then.
func (d *delimited) quoted(fields []string) []string {
	c := csv.NewReader(strings.NewReader(strings.Join(fields, string(d.comma))))
	c.Comma = d.comma
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
func quotedRows(r io.Reader, comma rune) func() ([]string, int, error) {
	c := csv.NewReader(r)
	c.Comma = comma
	c.ReuseRecord = true
	c.FieldsPerRecord = -1
	c.TrimLeadingSpace = comma != '\t' && comma != ' ' // a quote after a space opens a quoted field
	return func() ([]string, int, error) {
		fields, err := c.Read()
		var pe *csv.ParseError
		if errors.As(err, &pe) {
			return nil, pe.StartLine, &RowError{Line: pe.StartLine, Text: quoteError(pe)}
		}
		if err != nil {
			return nil, 0, err
		}
		line, _ := c.FieldPos(0)
		return fields, line, nil
	}
}

func quoteError(pe *csv.ParseError) string {
	switch {
	case errors.Is(pe.Err, csv.ErrBareQuote):
		return fmt.Sprintf("a quote in the middle of a field (column %d); %s", pe.Column, quotesHint)
	case pe.Line != pe.StartLine:
		return fmt.Sprintf("a quoted field does not end properly in line %d; %s", pe.Line, quotesHint)
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
