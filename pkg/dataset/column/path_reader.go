package column

import (
	"crypto/sha256"
	"path/filepath"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
)

// A PathReader is a Type whose column may hold the paths of files. They are read before rows are assigned to splits.
type PathReader interface {
	Type
	// ForFiles returns the type for one dataset: with the settings of the files that a model was trained on, if fitted
	// is its encoder, and with gaps as the words for a missing value if the type names none.
	ForFiles(gaps []string, fitted Encoder) PathReader
	// ReadPaths reads the files that a column of a table names. It returns a column with their content, or nil if the
	// column is used as it is. If a mistake was reported at path, ok is false. first says that no table was read
	// before.
	ReadPaths(src format.Source, c *table.Column, t *table.Table, path string, first bool) (made *table.Column, ok bool)
}

// ForFiles returns a copy that knows how files are read: as the model's were, as the spec says, or by their extension.
func (s *Series) ForFiles(gaps []string, fitted Encoder) PathReader {
	var how SeriesFiles
	if s.Files != nil {
		how = *s.Files
	} else {
		how.Delimiter, how.MissingValues = ",", gaps
	}
	if e, ok := fitted.(*SeriesEncoder); ok && e.Files != nil {
		how.Columns, how.OrderBy, how.DateFormat, how.SequenceFiles = e.Files.Columns, e.Files.OrderBy, e.Files.DateFormat, e.Files.SequenceFiles
	}
	own := *s
	own.files = &how
	return &own
}

// ReadPaths reads the series whose paths are in a column. The resulting column has the series as lists, as if they were
// in the fields.
func (s *Series) ReadPaths(src format.Source, c *table.Column, t *table.Table, path string, _ bool) (*table.Column, bool) {
	switch {
	case !c.IsText(), s.Files == nil && (s.Timed() || t.Long != nil || !holdsPaths(c, t.Rows)):
		return nil, true
	case s.Timed() || t.Long != nil:
		src.Problems().Add(path+".files", "is for paths in a table with one row per series; here a series has several rows")
		return nil, false
	}
	made := s.files.column(src, c, t, path)
	if made == nil {
		return nil, false
	}
	s.read = s.files
	return made, true
}

// column reads the files of a column; nil if the settings are wrong or no file can be read.
func (f *SeriesFiles) column(src format.Source, c *table.Column, t *table.Table, at string) *table.Column {
	if f.Root != "" && !hasFolder(src, f.Root, at+".files.root") {
		return nil
	}
	made := &table.Column{Name: c.Name}
	inferred := len(f.Columns) == 0
	read := 0
	var skipped []string
	for row := range int32(t.Rows) {
		name, list := c.Field(row), ""
		if name != "" {
			sum := sha256.New()
			var err error
			list, err = f.List(image.ResolvePath(name, f.folder(src, t.File(row))), sum)
			src.Digest()(sum.Sum(nil))
			switch {
			case err == nil:
				read++
			case f.OnError == "skip":
				skipped = append(skipped, name+": "+err.Error())
			default:
				src.Mistake(at, format.BadFiles, t.Place(row)+": "+name, err.Error())
			}
		}
		made.Add(list)
	}
	made.Seal()
	if n := len(skipped); n > 0 {
		src.Warn("%s: left out %s that cannot be read: %s", c.Name, phrase.Count(n, "file"), strings.Join(skipped[:min(n, phrase.Examples)], "; "))
	}
	if inferred && len(f.Columns) > 0 {
		src.Note("%s: the channels of its files are %s (files: {columns: […]} chooses others)", c.Name, phrase.List(f.Columns))
	}
	if read == 0 {
		if len(skipped) > 0 {
			src.Problems().Add(at, "none of the files can be read: %s", skipped[0])
		}
		return nil
	}
	return made
}

// folder is the folder that the paths in a file are relative to.
func (f *SeriesFiles) folder(src format.Source, file string) string {
	if f.Root != "" {
		return src.Path(f.Root)
	}
	return filepath.Dir(file)
}
