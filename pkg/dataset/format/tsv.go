package format

import (
	"io"

	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

func init() {
	Formats.Register("tsv", "tab-separated fields, one row per line", &TSV{})
}

// TSV reads tab-separated files: every line is a row, and a quote is an ordinary letter, as text corpora are written. Only in a
// line with too many fields, quotes keep tabs together if the number of fields is right then. For spreadsheets that quote
// fields, set `quotes: true`. Everything else is as for csv.
type TSV struct {
	Files          `spec:",inline"`
	Header         record.Header `default:"true" json:"header" doc:"true: the first line holds the names of the columns; false: there is no such line, the columns are c0, c1, …; a list: there is no such line, these are the names"`
	Quotes         bool          `default:"false" json:"quotes" doc:"whether fields may be in double quotes and then contain tabs and line ends"`
	table.Gaps     `spec:",inline"`
	record.Lines   `spec:",inline"`
	record.Encoded `spec:",inline"`
	record.Limit   `spec:",inline"`
	numeral.Signs  `spec:",inline"`
}

// CheckSpec checks what can be said of lines.
func (t *TSV) CheckSpec(path string, p *spec.Problems) {
	t.Files.CheckSpec(path, p)
	t.CheckLines(path, "\t", p)
	t.CheckEncoding(path, p)
	t.CheckSigns(path, p)
}

// LineSettings are those for what is no row.
func (t *TSV) LineSettings() (lines record.Lines, quotes bool) { return t.Lines, t.Quotes }

func (t *TSV) HeaderSetting() record.Header { return t.Header }

func (t *TSV) WithHeader(h record.Header) RowFormat {
	other := *t // formats are shared
	other.Header = h
	return &other
}

func (t *TSV) Extensions() []string { return []string{"tsv", "tab"} }

func (t *TSV) Read(src Source, split string) *table.Table {
	return readRecords(t, &t.Files, src, split)
}

func (t *TSV) Records(r io.Reader, name string) (record.Reader, error) {
	return record.OpenDelimited(r, t.Header, record.Fields{Comma: '\t', Quotes: t.Quotes, Lines: t.Lines, Limit: t.Limit})
}
