package format

import (
	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
	"errors"
	"fmt"
	"hash"
	"io"
	"os"
	"unicode/utf8"
)

// SequenceFiles says how files are read that hold one sequence each, a row for each step.
type SequenceFiles struct {
	Form       string       `json:"form,omitempty" default:"auto" oneof:"auto|csv|tsv|jsonl" doc:"how the files are written; auto: as the endings of their names tell, others being left out; csv, tsv, jsonl: all files so, whatever their endings"`
	Header     table.Header `json:"header" default:"true" doc:"of CSV and TSV; true: the first line of a file holds the names of its columns; false: there is no such line, the columns are c0, c1, …; a list: there is no such line, these are the names"`
	Delimiter  string       `json:"delimiter" default:"\",\"" doc:"the one character between two fields of CSV"`
	table.Gaps `spec:",inline"`
}

// CheckSpec wants a delimiter of one character.
func (f *SequenceFiles) CheckSpec(path string, p *spec.Problems) {
	if !table.GoodDelimiter(f.Delimiter) {
		p.Add(path+".delimiter", "want one character, not a quote or a line end, got %q", f.Delimiter)
		f.Delimiter = ","
	}
}

// Sort is what files are looked for in folders.
func (f *SequenceFiles) Sort() FileKind {
	if f.Form != "auto" && f.Form != "" {
		return FileKind{"sequence", f.Form, func(string) bool { return true }}
	}
	return FileKind{"sequence", "CSV, TSV or JSON Lines", IsSequenceName}
}

// IsSequenceName reports whether a file's name has the ending of a form in which a sequence may be written.
func IsSequenceName(name string) bool { return OfName(name) != "" }

// format is how a file is read, as its name tells where the settings do not.
func (f *SequenceFiles) format(name string) RowFormat {
	key := f.Form
	if key == "auto" || key == "" {
		key = OfName(name)
	}
	return f.As(key)
}

// As reads a file in the form of that key.
func (f *SequenceFiles) As(key string) RowFormat {
	switch key {
	case "tsv":
		return &TSV{Header: f.Header, Gaps: f.Gaps}
	case "jsonl":
		return &JSONL{Gaps: f.Gaps}
	}
	return &CSV{Header: f.Header, Delimiter: f.Delimiter, Quotes: true, Gaps: f.Gaps}
}

// Rows reads a file into a table with the columns that are wanted, and its bytes into sum.
func (f *SequenceFiles) Rows(name string, sum hash.Hash, wanted func(column string) bool) (*table.Table, error) {
	file, err := OpenSequence(name)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	raw := io.TeeReader(file, sum)
	t, err := f.table(raw, name, wanted)
	if _, left := io.Copy(io.Discard, raw); err == nil && left != nil {
		err = table.PlainError(left)
	}
	return t, err
}

// table reads the rows of a file. The first that cannot be read is an error.
func (f *SequenceFiles) table(raw io.Reader, name string, wanted func(column string) bool) (*table.Table, error) {
	text, err := table.Unpack(raw)
	if err != nil {
		return nil, table.PlainError(err)
	}
	format := f.format(name)
	rec, err := format.Records(text, name)
	if other := table.DelimiterHint(rec, err); other != nil {
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
			return nil, fmt.Errorf("the name %s of a column is not UTF-8; save the file in that encoding", phrase.Quote(c.Name))
		}
	}
	if twice := table.Duplicates(t.Header); len(twice) > 0 {
		return nil, fmt.Errorf("two columns are named %q", twice[0])
	}
	var bad *table.RowError
	err = t.Fill(rec, kept, table.NewCleaner(f.GapWords()), func(string) bool { return false }, func(e *table.RowError) {
		if bad == nil {
			bad = e
		}
	})
	for _, c := range t.Columns {
		c.Seal()
	}
	switch {
	case err != nil:
		return nil, table.PlainError(err)
	case bad != nil:
		return nil, bad
	case t.Rows == 0:
		return nil, errors.New("holds no rows: a sequence without steps")
	}
	return t, nil
}

// OpenSequence opens a file. What has no size, such as a pipe or a device, might never end.
func OpenSequence(name string) (*os.File, error) {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return nil, table.PlainError(err)
	case info.IsDir():
		return nil, errors.New("is a folder, not the file of a sequence")
	case !info.Mode().IsRegular():
		return nil, errors.New("is a pipe, a device or a socket, not the file of a sequence")
	}
	file, err := os.Open(name)
	if err != nil {
		return nil, table.PlainError(err)
	}
	return file, nil
}

// With are the settings for files of another form or with another delimiter; "" leaves them.
func (f SequenceFiles) With(form, delimiter string) SequenceFiles {
	if form != "" {
		f.Form = form
	}
	if delimiter != "" {
		f.Delimiter = delimiter
	}
	return f
}
