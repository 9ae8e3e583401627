package dataset

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/dataset/picture"
)

// pictureColumns reads the pictures whose paths stand in columns of a table.
func (l *loader) pictureColumns(r *resolved, t *Table) {
	own := r.in(t)
	for i := range r.inputs {
		in := &r.inputs[i]
		m, ok := in.kind.(*Image)
		if !ok || in.bad || len(own.inputs[i]) != 1 || own.inputs[i][0] == nil {
			continue
		}
		c := own.inputs[i][0]
		if c.Pixels != nil {
			if m.reads() && t == r.main {
				l.p.Add(in.path, "column %q holds pictures already; %s", c.Name, l.sizeKey())
			}
			continue
		}
		if !l.hasRoot(m, in.path+".root") {
			r.broken = true
			continue
		}
		set := l.columnSet(m, c, t, in.path)
		if words := set.noPaths(); len(words) > 0 {
			l.p.Add(in.path, "type: image reads one column of pictures or of the paths of picture files, and column %q holds %s", c.Name, few(words))
			r.broken = true
			continue
		}
		r.made[madeKey{t, i}] = &Column{Name: c.Name, Pixels: l.pictures(set, t)}
	}
}

// sizeKey says where the size of pictures is set that a format reads.
func (l *loader) sizeKey() string {
	if _, ok := l.settings.Format.(*ImageFolder); ok {
		return "their size and all that concerns the files is set in the dataset itself (image: {width: …})"
	}
	return "they have the size that the file says"
}

// madeKey is an input in a table.
type madeKey struct {
	table *Table
	input int
}

// columnSet lists the files that a column names.
func (l *loader) columnSet(m *Image, c *Column, t *Table, at string) *pictureSet {
	s := &pictureSet{files: make([]pictureFile, t.Rows), how: &m.PictureFiles, at: at, keys: at, option: "%s"}
	names := slices.Clone(t.names())
	for i := range names {
		names[i] = absolute(names[i])
	}
	s.home = fmt.Sprintf("%q %q %q", strings.Join(names, "\x00"), c.Name, m.Root)
	for row := range int32(t.Rows) {
		f := &s.files[row]
		if f.name = c.field(row); f.name != "" {
			f.path = picturePath(f.name, l.base(m, t.file(row)))
		}
	}
	inBlocks(t.Rows, blockRows, func(lo, hi int) error {
		for i := lo; i < hi; i++ {
			s.files[i].look()
		}
		return nil
	})
	s.place = func(row int) string { return strings.TrimSuffix(t.place(int32(row))+": "+s.files[row].name, ": ") }
	s.settle(m.PictureSize)
	return s
}

// noPaths lists some of the words of a column that holds anything but paths; nil when there may be one.
func (s *pictureSet) noPaths() (words []string) {
	for i := range s.files {
		f := &s.files[i]
		if f.time != 0 || picture.IsName(f.name) {
			return nil
		}
		if f.name != "" && !slices.Contains(words, f.name) && len(words) < maxExamples {
			words = append(words, f.name)
		}
	}
	return words
}

// base is the folder that the paths in a file are relative to.
func (l *loader) base(m *Image, file string) string {
	if m.Root != "" {
		return l.path(m.Root)
	}
	return filepath.Dir(file)
}

// hasRoot reports whether the folder that paths are relative to is there, or else notes that it is not.
func (l *loader) hasRoot(m *Image, at string) bool {
	if m.Root == "" || l.p.Under(at) {
		return m.Root == ""
	}
	return l.hasFolder(m.Root, at)
}

// hasFolder reports whether a folder that paths are relative to is there, or else notes that it is not.
func (l *loader) hasFolder(root, at string) bool {
	name := l.path(root)
	switch info, err := os.Stat(name); {
	case err != nil:
		l.p.Add(at, "%s: %v (looked for as %s)", root, plainError(err), absolute(name))
	case !info.IsDir():
		l.p.Add(at, "%s is a file; want the folder that the paths in the column are relative to", root)
	default:
		return true
	}
	return false
}

// picturePath is the path that a field names, which may be written with either slash.
func picturePath(field, base string) string {
	name := filepath.FromSlash(field)
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(base, name)
}

// sameShapes notes pictures of a part that differ in shape from those of the training part, or of the training of a model.
func (l *loader) sameShapes(r *resolved, t *Table, schema *Schema) {
	main, own := r.in(r.main), r.in(t)
	for i := range r.inputs {
		if len(own.inputs[i]) != 1 || own.inputs[i][0] == nil || own.inputs[i][0].Pixels == nil {
			continue
		}
		have, of := own.inputs[i][0].Pixels.Shape, "those of the training part"
		var want []int
		if cs := main.inputs[i]; len(cs) == 1 && cs[0] != nil && cs[0].Pixels != nil {
			want = cs[0].Pixels.Shape
		}
		if schema != nil && i < len(schema.Inputs) {
			if e, ok := schema.Inputs[i].Encoder.(*ImageEncoder); ok {
				want, of = e.Shape, "those that the model was trained on"
			}
		}
		if want != nil && !slices.Equal(have, want) {
			r.broken = true
			l.p.Add(root+"."+t.key, "the pictures have the shape %v (height, width, channels), and %s %v", have, of, want)
		}
	}
}
