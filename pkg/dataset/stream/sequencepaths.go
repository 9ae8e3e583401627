package stream

import (
	"errors"
	"io"
	"iter"
	"slices"
	"unicode/utf8"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// pathFiles is how the files are read if the only input of a net is the series of the files that a column names; nil else.
func pathFiles(s *dataset.Schema) *column.SeriesFiles {
	if len(s.Inputs) != 1 {
		return nil
	}
	if e, ok := s.Inputs[0].Encoder.(column.OfFiles); ok {
		return e.ReadFrom()
	}
	return nil
}

// errNoTarget is what is said where files of series alone are to be scored.
var errNoTarget = errors.New("files of series have no target; name a table of their paths, with a column for the target")

// TakesSequenceFiles reports whether a file of a sequence is all that the net needs for a row.
func TakesSequenceFiles(s *dataset.Schema) bool {
	return sequenceFiles(s) != nil || pathFiles(s) != nil
}

// openSequencePaths is OpenSequences for a net whose column names the files.
func openSequencePaths(s *dataset.Schema, files iter.Seq[SequenceFile], o Options) (*Stream, error) {
	if o.WithTarget {
		return nil, errNoTarget
	}
	how := *pathFiles(s)
	how.SequenceFiles = how.With(o.Format, o.Delimiter)
	r := &sequencePaths{names: slices.Clone(s.Inputs[0].Columns)}
	r.pull, r.stop = iter.Pull(files)
	st, err := newStream(s, r, table.NewCleaner(nil), "", o)
	if err != nil {
		r.stop()
		return nil, err
	}
	st.files = &how
	return st, nil
}

// sequencePaths are the paths of files, each a row with that alone.
type sequencePaths struct {
	names  []string
	pull   func() (SequenceFile, bool)
	stop   func()
	number int
}

func (r *sequencePaths) Header() []string { return r.names }

func (r *sequencePaths) Next() ([]string, int, error) {
	f, ok := r.pull()
	if !ok {
		return nil, 0, io.EOF
	}
	r.number++
	fields := []string{f.Path}
	if !utf8.ValidString(f.Path) { // no output format could hold it
		return fields, r.number, &record.RowError{Line: r.number, Text: oddName}
	}
	return fields, r.number, nil
}

// oddName is what is said of a file whose name is no text.
const oddName = "the name of the file is not UTF-8; rename it"
