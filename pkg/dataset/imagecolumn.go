package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
)

// ForFiles returns the type itself: a model's images are read as the spec says.
func (m *Image) ForFiles([]string, Encoder) PathReader { return m }

// ReadPaths finds the images whose paths stand in a column. They are read when it is known which rows are used.
func (m *Image) ReadPaths(src Source, c *table.Column, t *table.Table, path string, first bool) (*table.Column, bool) {
	if !c.IsText() {
		if px := pixelsOf(c); px != nil && m.reads() && first {
			src.Problems().Add(path, "column %q holds pictures already; %s", c.Name, px.sizeHint())
		}
		return nil, true
	}
	if !m.hasRoot(src, path+".root") {
		return nil, false
	}
	set := m.set(src, c, t, path)
	if words := set.noPaths(); len(words) > 0 {
		src.Problems().Add(path, "type: image reads one column of pictures or of the paths of picture files, and column %q holds %s", c.Name, phrase.Few(words))
		return nil, false
	}
	return &table.Column{Name: c.Name, Content: src.Images(set, t)}, true
}

// set lists the files that a column names.
func (m *Image) set(src Source, c *table.Column, t *table.Table, at string) *pictureSet {
	s := &pictureSet{files: make([]pictureFile, t.Rows), how: &m.PictureFiles, at: at, keys: at, column: true, option: "%s"}
	names := slices.Clone(t.Names())
	for i := range names {
		names[i] = absolute(names[i])
	}
	s.home = fmt.Sprintf("%q %q %q", strings.Join(names, "\x00"), c.Name, m.Root)
	for row := range int32(t.Rows) {
		f := &s.files[row]
		if f.name = c.Field(row); f.name != "" {
			f.path = picturePath(f.name, m.base(src, t.File(row)))
		}
	}
	s.lookAll()
	s.place = func(row int) string { return strings.TrimSuffix(t.Place(int32(row))+": "+s.files[row].name, ": ") }
	s.settle(m.PictureSize)
	return s
}

// base is the folder that the paths in a file are relative to.
func (m *Image) base(src Source, file string) string {
	if m.Root != "" {
		return src.Path(m.Root)
	}
	return filepath.Dir(file)
}

// hasRoot reports whether the folder that paths are relative to is there, or else notes that it is not.
func (m *Image) hasRoot(src Source, at string) bool {
	if m.Root == "" || src.Problems().Under(at) {
		return m.Root == ""
	}
	return hasFolder(src, m.Root, at)
}

// hasFolder reports whether a folder that paths are relative to is there, or else notes that it is not.
func hasFolder(src Source, root, at string) bool {
	name := src.Path(root)
	switch info, err := os.Stat(name); {
	case err != nil:
		src.Problems().Add(at, "%s: %v (looked for as %s)", root, table.PlainError(err), absolute(name))
	case !info.IsDir():
		src.Problems().Add(at, "%s is a file; want the folder that the paths in the column are relative to", root)
	default:
		return true
	}
	return false
}
