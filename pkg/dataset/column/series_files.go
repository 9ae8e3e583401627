package column

import (
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"slices"
	"strconv"
	"strings"

	"dnn/pkg/dataset/dates"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/numeral"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// SeriesFiles says how the files are read whose paths are in a column. Each contains a series, one row per step.
type SeriesFiles struct {
	Columns              []string `json:"columns" scalar:"any" default:"[]" doc:"the columns that are the channels (default: all that hold numbers in the first file)"`
	OrderBy              string   `json:"order_by,omitempty" scalar:"any" doc:"column with dates or numbers by which the rows are sorted (default: the order in the file)"`
	DateFormat           string   `json:"date_format,omitempty" doc:"how the dates of order_by are written, in the codes of strftime (default: as their column shows)"`
	Root                 string   `json:"-" doc:"the folder that the paths are relative to (default: that of the file with the column)"`
	format.SequenceFiles `spec:",inline"`
	OnError              string `json:"-" default:"error" oneof:"error|skip" doc:"what happens if a file cannot be read; skip: its row is left out"`
}

// CheckSpec compares the settings with each other.
func (f *SeriesFiles) CheckSpec(path string, p *spec.Problems) {
	f.SequenceFiles.CheckSpec(path, p)
	if f.OrderBy != "" && slices.Contains(f.Columns, f.OrderBy) {
		p.Add(path+".order_by", "%q is a channel too; remove it from columns", f.OrderBy)
	}
	if _, err := dates.Layouts(f.DateFormat); err != nil && f.DateFormat != "" {
		p.Add(path+".date_format", "%v", err)
		f.DateFormat = ""
	}
}

func (s *Series) EachFile(each func(path *string)) {
	if s.Files != nil && s.Files.Root != "" {
		each(&s.Files.Root)
	}
}

// holdsPaths reports whether the first field of a column that is not a gap is the path of a file that may contain a
// series.
func holdsPaths(c *table.Column, rows int) bool {
	for row := range int32(rows) {
		if field := c.Field(row); field != "" {
			return !strings.HasPrefix(field, "[") && format.OfName(field) != ""
		}
	}
	return false
}

// List reads a file as a list of steps, as a field would have it: [[1, 2], [3, null]].
func (f *SeriesFiles) List(path string, sum hash.Hash) (string, error) {
	t, err := f.Rows(path, sum, func(name string) bool {
		return len(f.Columns) == 0 || name == f.OrderBy || slices.Contains(f.Columns, name)
	})
	if err != nil {
		return "", err
	}
	if len(f.Columns) == 0 {
		for _, c := range t.Columns {
			if c.Name != f.OrderBy && c.HoldsNumbers() {
				f.Columns = append(f.Columns, c.Name)
			}
		}
		if len(f.Columns) == 0 {
			return "", errors.New("no column holds only numbers and gaps")
		}
	}
	if f.OrderBy != "" {
		t.Arrange(&table.Ordering{OrderBy: f.OrderBy, Format: f.DateFormat}, false, func(_, form string, args ...any) {
			if err == nil {
				err = fmt.Errorf(form, args...)
			}
		})
	}
	var columns []*table.Column
	for _, name := range f.Columns {
		c := t.Column(name)
		if c == nil && err == nil {
			err = &record.RowError{Line: 1, Text: record.NoColumn(t.Header, name)}
		}
		columns = append(columns, c)
	}
	if err != nil {
		return "", err
	}
	var b strings.Builder
	for row := range int32(t.Rows) {
		b.WriteString(strings.Repeat(",", int(min(1, row))) + "[")
		for k, c := range columns {
			number, err := jsonNumber(c.Field(row))
			if err != nil {
				return "", &record.RowError{Line: int(t.Line(row)), Column: c.Name, Text: err.Error()}
			}
			b.WriteString(strings.Repeat(",", min(1, k)) + number)
		}
		b.WriteByte(']')
	}
	return "[" + b.String() + "]", nil
}

// jsonNumber writes the number of a field as JSON, a gap as null.
func jsonNumber(field string) (string, error) {
	if field == "" {
		return "null", nil
	}
	x, ok := numeral.Parse(field)
	switch {
	case !ok:
		return "", errors.New(numeral.NotNumber(field))
	case json.Valid([]byte(field)):
		return field, nil
	}
	return strconv.FormatFloat(x, 'g', -1, 64), nil
}
