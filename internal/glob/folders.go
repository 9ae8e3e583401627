package glob

import (
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"
)

const (
	mostOthers = mostEntries // files of other kinds, and folders
	mostAlike  = 10 * mostEntries
)

// Folders reads folders within folders for files of one kind, and gives up where they hold too much, as the root of a machine does.
// A large data set may have more than a million files of its kind, but not that many others.
type Folders struct {
	Kind   string // the files, such as "images"
	Is     func(name string) bool
	Others int // how many entries so far were no files of the kind
	Alike  int
}

// Full reports whether the folders so far hold too much.
func (w *Folders) Full() bool { return w.Others > mostOthers || w.Alike > mostAlike }

// Read returns the entries of a folder, sorted by name.
func (w *Folders) Read(folder string) (entries []fs.DirEntry, err error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	for {
		list, err := f.ReadDir(1000)
		for _, e := range list {
			if !e.IsDir() && w.Is(e.Name()) {
				w.Alike++
			} else {
				w.Others++
			}
		}
		entries = append(entries, list...)
		switch {
		case w.Others > mostOthers:
			return nil, fmt.Errorf("has more than 1,000,000 folders and files that are no %s; name a folder that holds little but %[1]s", w.Kind)
		case w.Alike > mostAlike:
			return nil, fmt.Errorf("has more than 10,000,000 %s", w.Kind)
		case err == io.EOF:
			slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
			return entries, nil
		case err != nil:
			return nil, err
		}
	}
}
