package format

import (
	"io"
	"unicode/utf8"

	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("csv", "comma-separated fields, quoted where needed (RFC 4180)", &CSV{})
}

// CSV reads comma-separated files as RFC 4180 defines them: fields may be in double quotes, a quote within them is
// doubled, and a quoted field may contain line ends. Lines may end in CR LF; a byte order mark is skipped, and so are
// empty lines, except in a file of one column, where they are gaps unless nothing follows them. Gzip is decompressed,
// and spaces around a field are trimmed. A row with too many or too few fields is an error with its line. A row that repeats the
// header line is left out and told, and a first line such as sep=; gives the delimiter.
type CSV struct {
	Files          `spec:",inline"`
	Header         record.Header `default:"true" json:"header" doc:"true: the first line holds the names of the columns; false: there is no such line, the columns are c0, c1, …; a list: there is no such line, these are the names"`
	Delimiter      string        `default:"\",\"" json:"delimiter" doc:"the one character between fields"`
	Quotes         bool          `default:"true" json:"quotes" doc:"whether fields may be in double quotes; false reads a quote as a letter, and every line is a row"`
	table.Gaps     `spec:",inline"`
	record.Lines   `spec:",inline"`
	record.Encoded `spec:",inline"`
	record.Limit   `spec:",inline"`
	numeral.Signs  `spec:",inline"`
}

// CheckSpec requires a delimiter of one character.
func (c *CSV) CheckSpec(path string, p *spec.Problems) {
	c.Files.CheckSpec(path, p)
	if !record.GoodDelimiter(c.Delimiter) {
		p.Add(path+".delimiter", "must be one character, not a quote or a line end; got %q", c.Delimiter)
		c.Delimiter = ","
	}
	c.CheckLines(path, c.Delimiter, p)
	c.CheckEncoding(path, p)
	c.CheckSigns(path, p)
}

func (c *CSV) HeaderSetting() record.Header { return c.Header }

func (c *CSV) WithHeader(h record.Header) RowFormat {
	other := *c // formats are shared
	other.Header = h
	return &other
}

func (c *CSV) withDelimiter(delimiter string) RowFormat {
	other := *c
	other.Delimiter = delimiter
	return &other
}

// LineSettings are those for what is no row.
func (c *CSV) LineSettings() (lines record.Lines, quotes bool) { return c.Lines, c.Quotes }

func (c *CSV) Extensions() []string { return []string{"csv"} }

func (c *CSV) Read(src Source, split string) *table.Table {
	return readRecords(c, &c.Files, src, split)
}

func (c *CSV) Records(r io.Reader, name string) (record.Reader, error) {
	comma, _ := utf8.DecodeRuneInString(c.Delimiter)
	return record.OpenDelimited(r, c.Header, record.Fields{Comma: comma, Quotes: c.Quotes, Lines: c.Lines, Limit: c.Limit})
}
