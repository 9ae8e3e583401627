package column

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
)

// ForFiles returns the type itself: a model's images are read as the spec says.
func (m *Image) ForFiles([]string, Encoder) PathReader { return m }

// ReadPaths finds the images whose paths are in a column. They are read when it is known which rows are used.
func (m *Image) ReadPaths(src format.Source, c *table.Column, t *table.Table, path string, first bool) (*table.Column, bool) {
	if !c.IsText() {
		if px := image.Of(c); px != nil && m.reads() && first {
			src.Problems().Add(path, "column %q holds images already; %s", c.Name, px.SizeHint())
		}
		return nil, true
	}
	if !m.hasRoot(src, path+".root") {
		return nil, false
	}
	set := m.set(src, c, t, path)
	if words := set.NoPaths(); len(words) > 0 {
		src.Problems().Add(path, "type: image reads one column of images or of the paths of image files, and column %q holds %s", c.Name, phrase.Few(words))
		return nil, false
	}
	return &table.Column{Name: c.Name, Content: src.Images(set, t)}, true
}

// set lists the files that a column names.
func (m *Image) set(src format.Source, c *table.Column, t *table.Table, at string) *image.Set {
	s := &image.Set{Files: make([]image.File, t.Rows), How: &m.Files, At: at, Keys: at, Column: true, Option: "%s"}
	names := slices.Clone(t.Names())
	for i := range names {
		names[i] = image.Absolute(names[i])
	}
	s.Home = fmt.Sprintf("%q %q %q", strings.Join(names, "\x00"), c.Name, m.Root)
	for row := range int32(t.Rows) {
		f := &s.Files[row]
		if f.Name = c.Field(row); f.Name != "" {
			f.Path = image.ResolvePath(f.Name, m.base(src, t.File(row)))
		}
	}
	s.LookAll()
	s.Place = func(row int) string { return strings.TrimSuffix(t.Place(int32(row))+": "+s.Files[row].Name, ": ") }
	s.Settle(m.Dimensions)
	return s
}

// base is the folder that the paths in a file are relative to.
func (m *Image) base(src format.Source, file string) string {
	if m.Root != "" {
		return src.Path(m.Root)
	}
	return filepath.Dir(file)
}

// hasRoot reports whether the root folder exists, or reports that it does not.
func (m *Image) hasRoot(src format.Source, at string) bool {
	if m.Root == "" || src.Problems().Under(at) {
		return m.Root == ""
	}
	return hasFolder(src, m.Root, at)
}

// hasFolder reports whether a folder that paths are relative to exists, or reports that it does not.
func hasFolder(src format.Source, root, at string) bool {
	name := src.Path(root)
	switch info, err := os.Stat(name); {
	case err != nil:
		src.Problems().Add(at, "%s: %v (looked for as %s)", root, record.PlainError(err), image.Absolute(name))
	case !info.IsDir():
		src.Problems().Add(at, "%s is a file; expected the folder that the paths in the column are relative to", root)
	default:
		return true
	}
	return false
}
