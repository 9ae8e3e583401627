package export

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/newfile"
	"dnn/pkg/export"
	"dnn/pkg/export/c"
	"dnn/pkg/export/golang"
	"dnn/pkg/model"
)

// goPackage writes a Go package into a folder.
func (e *options) goPackage(file *model.File) error {
	if e.name != "" && !golang.ValidName(e.name) {
		return exit.Usagef("--package: %q is no name of a Go package", e.name)
	}
	m, err := export.Open(file)
	if err != nil {
		return exit.Bad(err)
	}
	name := e.name
	if name == "" {
		name = golang.PackageName(base(e.golang))
	}
	files, err := golang.Generate(m, name)
	if err != nil {
		return exit.Bad(err)
	}
	if err := e.write(e.golang, files, "package "+name); err != nil {
		return err
	}
	return e.noteWidened(file, m)
}

// cSource writes a header and a source in C into a folder.
func (e *options) cSource(file *model.File) error {
	if e.prefix != "" && !c.ValidName(e.prefix) {
		return exit.Usagef("--prefix: expected small letters, digits and underscores, and neither f nor k alone, got %q", e.prefix)
	}
	m, err := export.Open(file)
	if err != nil {
		return exit.Bad(err)
	}
	name := e.prefix
	if name == "" {
		name = c.Name(base(e.c))
	}
	s, err := c.Generate(m, name)
	if err != nil {
		return exit.Bad(err)
	}
	if err := e.write(e.c, []golang.File{{Name: name + ".h", Data: s.Header}, {Name: name + ".c", Data: s.Source}}, name+"_predict"); err != nil {
		return err
	}
	return e.noteWidened(file, m)
}

// noteWidened says which forms of weights have become float32, and what that costs.
func (e *options) noteWidened(file *model.File, m *export.Model) error {
	if len(m.Widened) == 0 {
		return nil
	}
	kept, err := model.KeptBytes(file.Net)
	if err != nil {
		return err
	}
	e.term.Note("the weights that %s keeps as %s are float32 in the source: %s in all, in place of %s; of the smaller forms, int8 stays as it is",
		file.Path, strings.Join(m.Widened, " and "), output.Memory(m.Net.WeightBytes()), output.Memory(kept))
	return nil
}

// base is the name of a folder, also of one that is named by a dot.
func base(dir string) string {
	if abs, err := filepath.Abs(dir); err == nil {
		dir = abs
	}
	return filepath.Base(dir)
}

// write writes files into a folder, which must be new or empty.
func (e *options) write(dir string, files []golang.File, what string) error {
	if err := e.empty(dir); err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return exit.Bad(err)
	}
	total := 0
	for _, f := range files {
		if err := newfile.Write(filepath.Join(dir, f.Name), f.Data); err != nil {
			return err
		}
		total += len(f.Data)
	}
	e.term.Note("%s: %s, %s, %s", dir, what, output.Plural(len(files), "file"), output.Memory(total))
	return nil
}

// empty is an error unless a folder is new, has nothing in it, or may be overwritten.
func (e *options) empty(dir string) error {
	entries, err := os.ReadDir(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return exit.Bad(err)
	case len(entries) > 0 && !e.force:
		return exit.Usagef("the folder %s is not empty; name a new one, or overwrite what is there with --force", dir)
	}
	for _, entry := range entries { // a link would lead what is written elsewhere
		if !entry.Type().IsRegular() && !entry.IsDir() {
			return exit.Usagef("%s is no regular file; remove it, or name another folder", filepath.Join(dir, entry.Name()))
		}
	}
	return nil
}
