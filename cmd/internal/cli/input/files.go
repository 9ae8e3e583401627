package input

import (
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/cmd/internal/cli/exit"
	"dnn/cmd/internal/cli/output"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/image"
)

// AreImages reports whether the arguments name images and folders, or one file with rows. It is an error if they name both,
// or something that does not exist.
func AreImages(args []string, s *dataset.Schema) (bool, error) {
	image, rows := "", ""
	for _, arg := range args {
		is := false
		if arg != "-" {
			var err error
			if is, err = isImage(arg); err != nil {
				return false, exit.Bad(err)
			}
		}
		switch {
		case is && image == "":
			image = arg
		case !is && rows != "":
			return false, exit.Usagef("expected one file with rows, got %s and %s", rows, arg)
		case !is:
			rows = arg
		}
		if image != "" && rows != "" {
			return false, exit.Usagef("%s is an image and %s a file with rows; predict them separately", image, rows)
		}
	}
	if image != "" && s.ImageInput() == nil {
		what := "an image"
		if info, err := os.Stat(image); err == nil && info.IsDir() {
			what = "a folder"
		}
		return false, exit.Usagef("%s is %s; this model reads rows with the columns %s", image, what, output.List(s.Columns(), 10))
	}
	return image != "", nil
}

// isImage reports whether a file is an image by its name or its first bytes, or a folder.
func isImage(name string) (bool, error) {
	info, err := os.Stat(name)
	if err != nil {
		return false, err
	}
	if info.IsDir() || image.IsName(name) {
		return true, nil
	}
	if !info.Mode().IsRegular() {
		return false, nil // a pipe gives its bytes only once
	}
	f, err := os.Open(name)
	if err != nil {
		return false, err
	}
	defer f.Close()
	head := make([]byte, 64<<10)
	n, _ := f.Read(head)
	_, err = image.Look(head[:n])
	return err == nil, nil
}

// Walk finds files of one sort. It holds the names of one folder at a time.
type Walk struct {
	Args    []string
	Is      func(name string) bool
	Skipped int   // files in folders whose names are of another sort
	Err     error // of a folder that cannot be read
}

// Names yields the files among the arguments, and for folders those of the sort within, in the order of their names.
func (w *Walk) Names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, arg := range w.Args {
			info, err := os.Stat(arg)
			if err != nil || !info.IsDir() {
				if !yield(arg) {
					return
				}
				continue
			}
			if !w.folder(arg, yield) {
				return
			}
		}
	}
}

// folder yields the files of a folder and of those within, and reports whether to go on. Links to files are
// followed, links to folders are not.
func (w *Walk) folder(dir string, yield func(string) bool) bool {
	entries, err := os.ReadDir(dir)
	if err != nil {
		w.fail(err)
		return true
	}
	for _, e := range entries {
		name := filepath.Join(dir, e.Name())
		switch {
		case strings.HasPrefix(e.Name(), "."):
		case e.IsDir():
			if !w.folder(name, yield) {
				return false
			}
		case !w.Is(name):
			w.Skipped++
		case e.Type()&fs.ModeSymlink != 0 && IsFolder(name):
		default:
			if !yield(name) {
				return false
			}
		}
	}
	return true
}

// fail keeps the first error.
func (w *Walk) fail(err error) {
	if w.Err == nil {
		w.Err = fmt.Errorf("a folder was skipped: %w", err)
	}
}

// IsFolder reports whether a name is that of a folder.
func IsFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// Within reports whether a file lies in one of the folders, or is one of the files.
func Within(file string, places []string) bool {
	full, err := filepath.Abs(file)
	if err != nil {
		return false
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(full)); err == nil {
		full = filepath.Join(dir, filepath.Base(full))
	}
	return slices.ContainsFunc(places, func(place string) bool {
		place, err := filepath.Abs(place)
		if err != nil {
			return false
		}
		if real, err := filepath.EvalSymlinks(place); err == nil {
			place = real
		}
		rel, err := filepath.Rel(place, full)
		return err == nil && rel != ".." && !strings.HasPrefix(rel, ".."+string(filepath.Separator))
	})
}
