package dataset

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"dnn/pkg/spec"
)

// SeriesFiles says how the files are read whose paths stand in a column: each holds a series, a row for each step.
type SeriesFiles struct {
	Columns       []string `json:"columns" scalar:"any" default:"[]" doc:"the columns of the files that are the channels (default: all that hold numbers in the first file)"`
	OrderBy       string   `json:"order_by,omitempty" scalar:"any" doc:"column of the files by whose dates or numbers their rows are sorted (default: they stand in their order)"`
	Root          string   `json:"-" doc:"the folder that the paths are relative to (default: that of the file with the column)"`
	SequenceFiles `spec:",inline"`
	OnError       string `json:"-" default:"error" oneof:"error|skip" doc:"what a file is that cannot be read; skip: its row is left out"`
}

// CheckSpec holds the settings against each other.
func (f *SeriesFiles) CheckSpec(path string, p *spec.Problems) {
	f.SequenceFiles.CheckSpec(path, p)
	if f.OrderBy != "" && slices.Contains(f.Columns, f.OrderBy) {
		p.Add(path+".order_by", "%q is a channel too; leave it out of columns", f.OrderBy)
	}
}

func (s *Series) eachFile(each func(path *string)) {
	if s.Files != nil && s.Files.Root != "" {
		each(&s.Files.Root)
	}
}

// sequenceColumns reads the series whose paths stand in columns of a table. The column that comes of it has the series
// themselves, as lists, for all else to be as with those.
func (l *loader) sequenceColumns(r *resolved, t *Table, schema *Schema) {
	own := r.in(t)
	for i := range r.inputs {
		in := &r.inputs[i]
		s, ok := in.kind.(*Series)
		if !ok || in.bad || len(own.inputs[i]) != 1 || own.inputs[i][0] == nil || own.inputs[i][0].Pixels != nil {
			continue
		}
		c := own.inputs[i][0]
		switch {
		case s.Files == nil && (s.timed() || t.long != nil || !c.holdsPaths(t.Rows)):
			continue
		case s.timed() || t.long != nil:
			l.p.Add(in.path+".files", "is for paths in a table with a row for each series; here a series is made of several rows")
			r.broken = true
			continue
		}
		how := l.seriesFiles[i]
		if how == nil {
			how = l.howSeries(s, schema, i)
			l.seriesFiles[i] = how
		}
		if made := l.seriesColumn(c, t, how, in.path); made != nil {
			r.made[madeKey{t, i}] = made
			l.lists[listKey{t, c.Name}] = made
		} else {
			r.broken = true
		}
	}
}

// listKey is a column of lists of numbers in a table.
type listKey struct {
	table  *Table
	column string
}

// listColumn is the column of that name, or the one with the series of its files.
func (l *loader) listColumn(t *Table, name string) *Column {
	if made := l.lists[listKey{t, name}]; made != nil {
		return made
	}
	return t.column(name)
}

// howSeries is how the files of an input are read: as the model's were, as the spec says, or by their endings.
func (l *loader) howSeries(s *Series, schema *Schema, input int) *SeriesFiles {
	var how SeriesFiles
	if s.Files != nil {
		how = *s.Files
	} else {
		how.Delimiter = ","
		if f, ok := l.settings.Format.(interface{ gaps() []string }); ok {
			how.MissingValues = f.gaps()
		}
	}
	if schema != nil && input < len(schema.Inputs) {
		if e, ok := schema.Inputs[input].Encoder.(*SeriesEncoder); ok && e.Files != nil {
			how.Columns, how.OrderBy, how.SequenceFiles = e.Files.Columns, e.Files.OrderBy, e.Files.SequenceFiles
		}
	}
	return &how
}

// holdsPaths reports whether the first field of a column that is no gap is the path of a file that may hold a series.
func (c *Column) holdsPaths(rows int) bool {
	for row := range int32(rows) {
		if field := c.field(row); field != "" {
			return !strings.HasPrefix(field, "[") && formatOfName(field) != ""
		}
	}
	return false
}

// seriesColumn reads the files of a column, nil when the settings are wrong.
func (l *loader) seriesColumn(c *Column, t *Table, how *SeriesFiles, at string) *Column {
	if how.Root != "" && !l.hasFolder(how.Root, at+".files.root") {
		return nil
	}
	made := &Column{Name: c.Name, files: how}
	inferred := len(how.Columns) == 0
	read := 0
	var skipped []string
	for row := range int32(t.Rows) {
		name, list := c.field(row), ""
		if name != "" {
			sum := sha256.New()
			var err error
			list, err = how.list(picturePath(name, l.folderOf(how, t.file(row))), sum)
			l.sums = append(l.sums, sum.Sum(nil))
			switch {
			case err == nil:
				read++
			case how.OnError == "skip":
				skipped = append(skipped, name+": "+err.Error())
			default:
				l.mistake(at, badFiles, t.place(row)+": "+name, err.Error())
			}
		}
		if err := made.add(list); err != nil {
			l.p.Add(at, "%v", err)
			return nil
		}
	}
	made.seal()
	if n := len(skipped); n > 0 {
		l.note("warning: %s: %s left out that cannot be read: %s", c.Name, counted(n, "file"), strings.Join(skipped[:min(n, maxExamples)], "; "))
	}
	if inferred && len(how.Columns) > 0 {
		l.note("%s: the channels of its files are %s (files: {columns: […]} chooses others)", c.Name, fewNames(how.Columns))
	}
	if read == 0 {
		if len(skipped) > 0 {
			l.p.Add(at, "none of the files can be read: %s", skipped[0])
		}
		return nil
	}
	return made
}

// folderOf is the folder that the paths in a file are relative to.
func (l *loader) folderOf(how *SeriesFiles, file string) string {
	if how.Root != "" {
		return l.path(how.Root)
	}
	return filepath.Dir(file)
}

// list reads a file as a list of steps, as a field would have it: [[1, 2], [3, null]].
func (f *SeriesFiles) list(path string, sum hash.Hash) (string, error) {
	t, err := f.rows(path, sum, func(name string) bool {
		return len(f.Columns) == 0 || name == f.OrderBy || slices.Contains(f.Columns, name)
	})
	if err != nil {
		return "", err
	}
	if len(f.Columns) == 0 {
		for _, c := range t.Columns {
			if c.Name != f.OrderBy && c.holdsNumbers(t.Rows) {
				f.Columns = append(f.Columns, c.Name)
			}
		}
		if len(f.Columns) == 0 {
			return "", errors.New("no column holds only numbers and gaps")
		}
	}
	if f.OrderBy != "" {
		t.arrange(&Timing{OrderBy: f.OrderBy}, false, func(_, format string, args ...any) {
			if err == nil {
				err = fmt.Errorf(format, args...)
			}
		})
	}
	var columns []*Column
	for _, name := range f.Columns {
		c := t.column(name)
		if c == nil && err == nil {
			err = &RowError{Line: 1, Text: noColumn(t.Header, name)}
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
			number, err := jsonNumber(c.field(row))
			if err != nil {
				return "", &RowError{Line: int(t.line(row)), Column: c.Name, Text: err.Error()}
			}
			b.WriteString(strings.Repeat(",", min(1, k)) + number)
		}
		b.WriteByte(']')
	}
	return "[" + b.String() + "]", nil
}

// jsonNumber writes the number of a field as JSON has it, a gap as null.
func jsonNumber(field string) (string, error) {
	if field == "" {
		return "null", nil
	}
	x, ok := parseNumber(field)
	switch {
	case !ok:
		return "", errors.New(notNumber(field))
	case json.Valid([]byte(field)):
		return field, nil
	}
	return strconv.FormatFloat(x, 'g', -1, 64), nil
}

// readSeries puts the series of a file in the place of its path.
func (st *Stream) readSeries(in *Input, fields []string) *RowError {
	e, ok := in.steps.(*SeriesEncoder)
	if !ok || e.Files == nil || fields[0] == "" || strings.HasPrefix(fields[0], "[") {
		return nil
	}
	how := e.Files
	if st.files != nil {
		how = st.files
	}
	list, err := how.list(picturePath(fields[0], st.paths.base), sha256.New())
	if err != nil && st.files != nil { // the row is the file
		return &RowError{Text: err.Error()}
	}
	if err != nil {
		return &RowError{Column: in.Columns[0], Text: quote(fields[0]) + ": " + err.Error()}
	}
	fields[0] = list
	return nil
}
