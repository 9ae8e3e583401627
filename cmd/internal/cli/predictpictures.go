package cli

import (
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/picture"
	"dnn/pkg/model"
)

// arePictures tells whether the arguments name pictures and folders, or a file with rows; both at once are refused, and so
// are names of nothing.
func arePictures(args []string, s *dataset.Schema) (bool, error) {
	photo, rows := "", ""
	for _, arg := range args {
		is := false
		if arg != "-" {
			var err error
			if is, err = isPicture(arg); err != nil {
				return false, bad(err)
			}
		}
		switch {
		case is && photo == "":
			photo = arg
		case !is && rows != "":
			return false, usagef("one file with rows at a time: %s and %s are two", rows, arg)
		case !is:
			rows = arg
		}
		if photo != "" && rows != "" {
			return false, usagef("%s is a picture and %s a file with rows; predict them one after the other", photo, rows)
		}
	}
	if photo != "" && s.PictureInput() == nil {
		what := "picture"
		if info, err := os.Stat(photo); err == nil && info.IsDir() {
			what = "folder"
		}
		return false, usagef("%s is a %s; this model reads rows with the columns %s", photo, what, listShort(s.Columns(), 10))
	}
	return photo != "", nil
}

// isPicture reports whether a file is a picture by its name or its first bytes, or a folder.
func isPicture(name string) (bool, error) {
	info, err := os.Stat(name)
	if err != nil {
		return false, err
	}
	if info.IsDir() || picture.IsName(name) {
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
	_, err = picture.Look(head[:n])
	return err == nil, nil
}

// pictures predicts picture files, each a row.
func (p *predictCommand) pictures(file *model.File, args []string, answers *answers) error {
	switch {
	case len(p.keep) > 0:
		return usagef("--keep is for files with rows; pictures have no columns but the file, which always stands first")
	case p.input.format != "" || p.input.delimiter != "":
		return usagef("--input-format and --delimiter are for files with rows")
	case picture.IsName(p.out):
		return usagef("--out %s has the name of a picture; predictions are CSV or JSON Lines", p.out)
	}
	if err := p.keepsInput(nil, args[0]); err != nil {
		return err
	}
	if p.format == "" {
		p.format = "csv"
		if endsIn(p.out, "jsonl", "ndjson") {
			p.format = "jsonl"
		}
	}
	wrong := &complaints{out: p.app.err, noun: "picture", most: maxComplaints}
	walk := &fileWalk{args: args[1:], is: picture.IsName}
	pictures, err := file.Net.Schema.OpenPictures(walk.names(), p.app.settings.Threads)
	if err != nil {
		return bad(err)
	}
	defer pictures.Close()
	rows := newRows(p.format, answers, []int{0}, pictures.Header())
	place := func(i int) string { return pictures.Records()[i][0] }
	if err := p.predict(file, pictures, rows, answers, wrong, place); err != nil {
		return err
	}
	if walk.err != nil {
		return bad(walk.err)
	}
	if walk.left > 0 {
		p.app.note("%s left out that %s not named as pictures", plural(walk.left, "file"), choose(walk.left == 1, "is", "are"))
	}
	if wrong.rows == 0 {
		return usagef("no pictures in %s", listShort(args[1:], 3))
	}
	return wrong.verdict()
}

// fileWalk finds files of one sort, in constant memory but for the names of one folder at a time.
type fileWalk struct {
	args []string
	is   func(name string) bool
	left int   // files in folders whose names are of another sort
	err  error // of a folder that cannot be read
}

// names yields the files among the arguments, and for folders those of the sort within, in the order of their names.
func (w *fileWalk) names() iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, arg := range w.args {
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

// folder yields the files of a folder and of those within, and reports whether more are wanted. Links to files are
// followed, links to folders are not.
func (w *fileWalk) folder(dir string, yield func(string) bool) bool {
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
		case !w.is(name):
			w.left++
		case e.Type()&fs.ModeSymlink != 0 && isFolder(name):
		default:
			if !yield(name) {
				return false
			}
		}
	}
	return true
}

// fail keeps the first error.
func (w *fileWalk) fail(err error) {
	if w.err == nil {
		w.err = fmt.Errorf("a folder was left out: %w", err)
	}
}

func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}
