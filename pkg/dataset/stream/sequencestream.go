package stream

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/task"
)

// ofFiles says how the files of sequences are read that a net was trained on; nil when it was trained on other data.
func sequenceFiles(s *dataset.Schema) *format.SequenceFiles {
	if f, ok := s.Format.Format.(format.FileSequences); ok {
		return f.Sequences()
	}
	return nil
}

// OfSequenceFiles reports whether the net was trained on a file for each sequence.
func OfSequenceFiles(s *dataset.Schema) bool { return sequenceFiles(s) != nil }

// IsSequenceName reports whether a file of that name is one of those that a folder is looked through for.
func IsSequenceName(s *dataset.Schema, name string) bool {
	f := sequenceFiles(s)
	if files := pathFiles(s); f == nil && files != nil {
		f = &files.SequenceFiles
	}
	return f != nil && f.Sort().Is(name)
}

// IsSequenceTable reports whether a file holds rows of many sequences, with a column of their names, or names the files of
// sequences, and is not itself one.
func IsSequenceTable(s *dataset.Schema, name string, o Options) bool {
	file, err := format.OpenSequence(name)
	if err != nil {
		return false
	}
	defer file.Close()
	text, err := record.Unpack(file)
	if err != nil {
		return false
	}
	form, err := readerOf(s, name, o)
	if err != nil {
		return false
	}
	rec, err := form.Records(format.DecodedLater(form, text), name)
	if files := pathFiles(s); files != nil && err == nil {
		return slices.Contains(rec.Header(), s.Inputs[0].Columns[0]) || !record.ContainsAll(rec.Header(), files.Columns)
	}
	return err == nil && slices.Contains(rec.Header(), s.Order().ID)
}

// oneFile reports whether a stream is one sequence: it has no column that separates several.
func oneFile(s *dataset.Schema, rec record.Reader) bool {
	return sequenceFiles(s) != nil && record.DelimiterHint(rec, nil) == nil && !slices.Contains(rec.Header(), s.Order().ID)
}

// oneSequence is the rows of one sequence, with a column of its name before them.
type oneSequence struct {
	record.Reader
	name   string
	fields []string
}

func (o *oneSequence) Header() []string {
	return append([]string{format.FileColumn}, o.Reader.Header()...)
}

func (o *oneSequence) Next() ([]string, int, error) {
	fields, line, err := o.Reader.Next()
	o.fields = append(append(o.fields[:0], o.name), fields...)
	return o.fields, line, err
}

// SequenceFile is a file of a sequence: where it lies, what it is called, and its class where that is known.
type SequenceFile struct {
	Path, Name, Class string
}

// OpenSequences begins to read files, each a row for a net that was trained on a file for each sequence, in constant
// memory. Close must be called.
func OpenSequences(s *dataset.Schema, files iter.Seq[SequenceFile], o Options) (*Stream, error) {
	if sequenceFiles(s) == nil && pathFiles(s) != nil {
		return openSequencePaths(s, files, o)
	}
	if sequenceFiles(s) == nil {
		return nil, errors.New("the model was not trained on a file for each sequence")
	}
	how := sequenceFiles(s).With(o.Format, o.Delimiter)
	r := &sequenceRecords{schema: s, how: &how, withTarget: o.WithTarget, failed: o.Failed}
	r.pull, r.stop = iter.Pull(files)
	columns := append(s.Columns(), s.TimeColumns(true)...)
	if o.WithTarget {
		columns = append(columns, s.LabelColumns.Sources()...)
		if s.Weight != "" {
			columns = append(columns, s.Weight)
		}
	}
	r.names = []string{format.FileColumn}
	for _, name := range columns {
		if !slices.Contains(r.names, name) {
			r.names = append(r.names, name)
		}
	}
	st, err := newStream(s, r, table.NewCleaner(how.GapWords()), "", o)
	if err != nil {
		r.stop()
		return nil, err
	}
	r.stream = st
	return st, nil
}

// Close ends the reading of files, and of rows with Prompt.
func (st *Stream) Close() {
	if st.coming != nil {
		close(st.coming.Pieces.Stop)
	}
	switch r := st.rec.(type) {
	case *sequenceRecords:
		r.stop()
	case *sequencePaths:
		r.stop()
	}
}

// sequenceRecords are files, each of which is a row.
type sequenceRecords struct {
	schema     *dataset.Schema
	how        *format.SequenceFiles
	stream     *Stream
	withTarget bool
	failed     func(name string, err error)
	pull       func() (SequenceFile, bool)
	stop       func()
	names      []string
	fields     []string
	number     int
}

func (r *sequenceRecords) Header() []string { return r.names }

func (r *sequenceRecords) Next() ([]string, int, error) {
	for {
		f, ok := r.pull()
		if !ok {
			return nil, 0, io.EOF
		}
		r.number++
		r.fields = append(r.fields[:0], f.Name)
		h, err := r.read(f)
		if err == nil {
			r.stream.Held = &held{History: h, Header: r.names, Rows: []heldRow{{line: r.number}}}
			for _, name := range r.names[1:] {
				r.fields = append(r.fields, h.Table.Column(name).Field(0))
			}
			return r.fields, r.number, nil
		}
		if r.failed != nil {
			r.failed(f.Name, err)
			continue
		}
		r.stream.Held = &held{History: &History{}, Rows: []heldRow{{row: -1}}}
		return r.fields, r.number, &record.RowError{Line: r.number, Text: err.Error()}
	}
}

// read reads a file as a table with one row.
func (r *sequenceRecords) read(f SequenceFile) (*History, error) {
	if !utf8.ValidString(f.Name) { // no output format could hold it
		return nil, errors.New(oddName)
	}
	t, err := r.how.Rows(f.Path, sha256.New(), func(name string) bool { return slices.Contains(r.names, name) && name != format.FileColumn })
	if err != nil {
		return nil, err
	}
	own := &table.Column{Name: format.FileColumn}
	own.Repeat(f.Name, t.Rows)
	own.Seal()
	t.Columns = append(t.Columns, own)
	if f.Class != "" && slices.Contains(r.names, format.ClassColumn) && t.Column(format.ClassColumn) == nil {
		class := &table.Column{Name: format.ClassColumn}
		class.Repeat(f.Class, t.Rows)
		class.Seal()
		t.Columns = append(t.Columns, class)
	}
	for _, name := range r.names {
		if t.Column(name) == nil {
			return nil, errors.New(record.NoColumn(t.Header, name))
		}
	}
	t.Files, t.Whole = []table.FileSpan{{Name: f.Name}}, true
	return NewHistory(r.schema, t, r.withTarget, 0)
}

// openSequenceFolder is OpenFolder for sequences.
func openSequenceFolder(s *dataset.Schema, dir string, o Options) (*Stream, error) {
	f := s.Format.Format.(format.FileSequences)
	w, err := f.Walk(dir)
	if err == nil {
		err = w.Fault(dir)
	}
	switch {
	case err != nil:
		return nil, err
	case len(w.Files) == 0:
		return nil, fmt.Errorf("%s holds no sequences (files of %s)", dir, w.Sort.Named)
	}
	if o.WithTarget && s.Heads[0].Kind == task.Category && w.Classes != nil && slices.Equal(s.LabelColumns.Sources(), []string{format.ClassColumn}) {
		if err := knowsClasses(s, dir, w.Distinct()); err != nil {
			return nil, err
		}
	}
	return OpenSequences(s, func(yield func(SequenceFile) bool) {
		for i, one := range w.Files {
			f := SequenceFile{Path: one.Path, Name: one.Name}
			if w.Classes != nil {
				f.Class = w.Classes[i]
			}
			if !yield(f) {
				return
			}
		}
	}, o)
}

// readSeries puts the series of a file in the place of its path.
func (st *Stream) readSeries(in *dataset.Input, fields []string) *record.RowError {
	e, ok := in.StepEncoder.(column.OfFiles)
	if !ok || e.ReadFrom() == nil || fields[0] == "" || strings.HasPrefix(fields[0], "[") {
		return nil
	}
	how := e.ReadFrom()
	if st.files != nil {
		how = st.files
	}
	list, err := how.List(image.ResolvePath(fields[0], st.paths.base), sha256.New())
	if err != nil && st.files != nil { // the row is the file
		return &record.RowError{Text: err.Error()}
	}
	if err != nil {
		return &record.RowError{Column: in.Columns[0], Text: phrase.Quote(fields[0]) + ": " + err.Error()}
	}
	fields[0] = list
	return nil
}
