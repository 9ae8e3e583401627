package format

import (
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"slices"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// SequenceFiles says how files are read that contain one sequence each, one row per step.
type SequenceFiles struct {
	Form         string        `json:"form,omitempty" default:"auto" oneof:"auto|csv|tsv|jsonl" doc:"format of the files; auto: by their extension, others are left out; csv, tsv, jsonl: all files are read so, whatever their extension"`
	Header       record.Header `json:"header" default:"true" doc:"of CSV and TSV; true: the first line of a file holds the names of its columns; false: there is no such line, the columns are c0, c1, …; a list: there is no such line, these are the names"`
	Delimiter    string        `json:"delimiter" default:"\",\"" doc:"the one character between fields of CSV"`
	table.Gaps   `spec:",inline"`
	record.Limit `spec:",inline"`
}

// CheckSpec requires a delimiter of one character.
func (f *SequenceFiles) CheckSpec(path string, p *spec.Problems) {
	if !record.GoodDelimiter(f.Delimiter) {
		p.Add(path+".delimiter", "must be one character, not a quote or a line end; got %q", f.Delimiter)
		f.Delimiter = ","
	}
}

// Sort is the kind of files to find in folders.
func (f *SequenceFiles) Sort() FileKind {
	if f.Form != "auto" && f.Form != "" {
		return FileKind{"sequence", f.Form, func(string) bool { return true }}
	}
	return FileKind{"sequence", "CSV, TSV or JSON Lines", IsSequenceName}
}

// IsSequenceName reports whether a file has the extension of a format in which a sequence may be written.
func IsSequenceName(name string) bool { return OfName(name) != "" }

// format is the format of a file, by its extension unless the settings say otherwise.
func (f *SequenceFiles) format(name string) RowFormat {
	key := f.Form
	if key == "auto" || key == "" {
		key = OfName(name)
	}
	return f.As(key)
}

// As returns the settings with that format.
func (f *SequenceFiles) As(key string) RowFormat {
	switch key {
	case "tsv":
		return &TSV{Header: f.Header, Gaps: f.Gaps, Limit: f.Limit}
	case "jsonl":
		return &JSONL{Gaps: f.Gaps, Limit: f.Limit}
	}
	return &CSV{Header: f.Header, Delimiter: f.Delimiter, Quotes: true, Gaps: f.Gaps, Limit: f.Limit}
}

// Rows reads a file into a table with the wanted columns, and its bytes into sum.
func (f *SequenceFiles) Rows(name string, sum hash.Hash, wanted func(column string) bool) (*table.Table, error) {
	file, err := OpenSequence(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw := io.TeeReader(file, sum)
	t, err := f.table(raw, name, wanted)
	if _, left := io.Copy(io.Discard, raw); err == nil && left != nil {
		err = record.PlainError(left)
	}
	return t, err
}

// table reads the rows of a file. The first that cannot be read is an error.
func (f *SequenceFiles) table(raw io.Reader, name string, wanted func(column string) bool) (*table.Table, error) {
	text, err := record.Unpack(raw)
	if err != nil {
		return nil, record.PlainError(err)
	}
	format := f.format(name)
	rec, err := format.Records(Decoded(format, text), name)
	if other := record.DelimiterHint(rec, err); other != nil {
		return nil, fmt.Errorf("%w; %s", other, other.Setting())
	}
	if err != nil {
		return nil, err
	}
	t := &table.Table{Lines: []int32{}}
	if h, ok := format.(Headed); ok {
		t.Nameless = h.HeaderSetting().Absent
	}
	kept := t.Keep(rec.Header(), wanted)
	for _, c := range t.Columns {
		if !utf8.ValidString(c.Name) {
			return nil, fmt.Errorf("the column name %s is not UTF-8, but fits %s; save the file as UTF-8", phrase.Quote(c.Name), record.FitEncoding(c.Name))
		}
	}
	if twice := slices.DeleteFunc(record.Duplicates(t.Header), func(name string) bool { return !wanted(name) }); len(twice) > 0 {
		return nil, fmt.Errorf("two columns are named %q", twice[0])
	}
	var bad *record.RowError
	err = t.Fill(rec, kept, table.NewCleaner(f.GapWords()), func(string) bool { return false }, func(e *record.RowError) {
		if bad == nil {
			bad = e
		}
	})
	for _, c := range t.Columns {
		c.Seal()
	}
	switch {
	case err != nil:
		return nil, record.PlainError(err)
	case bad != nil:
		return nil, bad
	case t.Rows == 0:
		return nil, errors.New("has no rows: a sequence without steps")
	}
	return t, nil
}

// OpenSequence opens a file. A pipe or device is rejected: it might never end.
func OpenSequence(name string) (*os.File, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, record.PlainError(err)
	case info.IsDir():
		return nil, errors.New("is a folder, not a sequence file")
	case !info.Mode().IsRegular():
		return nil, errors.New("is a pipe, a device or a socket, not a sequence file")
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, record.PlainError(err)
	}
	return file, nil
}

// With returns the settings for another format or delimiter; "" leaves them.
func (f SequenceFiles) With(form, delimiter string) SequenceFiles {
	if form != "" {
		f.Form = form
	}
	if delimiter != "" {
		f.Delimiter = delimiter
	}
	return f
}
