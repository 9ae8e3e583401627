package export

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/internal/newfile"
	"dnn/pkg/export"
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
		dir, err := filepath.Abs(e.golang)
		if err != nil {
			return err
		}
		name = golang.PackageName(filepath.Base(dir))
	}
	files, err := golang.Generate(m, name)
	if err != nil {
		return exit.Bad(err)
	}
	return e.write(e.golang, files, "package "+name)
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
