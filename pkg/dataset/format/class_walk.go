package format

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"

	"dnn/internal/glob"
	"dnn/internal/phrase"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
)

// ClassWalk finds the files of one kind in the folders of classes: images, or sequences.
type ClassWalk struct {
	Sort    FileKind
	root    string
	read    *glob.Folders
	Files   []image.File
	Classes []string // of each file
	hidden  int
	linked  int            // folders that were reached by a link, each time
	loose   []image.File   // those next to the folders of classes
	others  map[string]int // files of other kinds, by extension
	Loops   []string       // links to a folder above
	Errs    []error        // folders that cannot be read
	empty   []string       // classes without files
	Odd     []string       // folders and files whose names are not UTF-8, as messages
}

// FileKind is the kind of files to find.
type FileKind struct {
	noun  string // "image"
	Named string // what the names of other files are not
	Is    func(name string) bool
}

var Images = FileKind{"image", "images", image.IsName}

// WalkClasses finds the files of a kind below a folder, sorted by name. Those of a class are in a folder of its name,
// at any depth. Links are followed, but never in a circle.
func WalkClasses(root string, sort FileKind) (*ClassWalk, error) {
	return walkClasses(root, sort, &glob.Folders{Kind: sort.noun + "s", Is: sort.Is})
}

func walkClasses(root string, sort FileKind, read *glob.Folders) (*ClassWalk, error) {
	w := &ClassWalk{Sort: sort, root: root, read: read, others: map[string]int{}}
	top, err := os.Stat(root)
	if err != nil {
		return nil, errors.New(record.FileError(err))
	}
	if !top.IsDir() {
		return nil, fmt.Errorf("%s is a file; expected a folder with a folder of %ss for each class", root, sort.noun)
	}
	entries, err := w.entries(root)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		name := e.Name()
		info, isFolder := w.look(name)
		switch {
		case strings.HasPrefix(name, "."):
			w.hidden++
		case isFolder && os.SameFile(top, info):
			w.Loops = append(w.Loops, name)
		case isFolder && !utf8.ValidString(name):
			w.addOdd(name, "a folder")
		case isFolder:
			before, odd := len(w.Files), len(w.Odd)
			w.folder(name, name, []os.FileInfo{top, info})
			if len(w.Files) == before && len(w.Odd) == odd {
				w.empty = append(w.empty, name)
			}
		case sort.Is(name):
			w.loose = append(w.loose, w.file(name, info))
		default:
			w.others[strings.ToLower(filepath.Ext(name))]++
		}
	}
	return w, nil
}

// entries reads a folder.
func (w *ClassWalk) entries(folder string) ([]fs.DirEntry, error) {
	entries, err := w.read.Read(folder)
	switch {
	case err == nil:
		return entries, nil
	case w.read.Full():
		return nil, fmt.Errorf("%s %w", w.root, err)
	}
	return nil, errors.New(record.FileError(err))
}

// addOdd notes a name that no table and no file of predictions could hold.
func (w *ClassWalk) addOdd(name, of string) {
	w.Odd = append(w.Odd, fmt.Sprintf("the name %s of %s is not UTF-8; rename it", phrase.Quote(filepath.ToSlash(name)), of))
}

// Fault returns the first error that keeps a folder from being read; nil for none.
func (w *ClassWalk) Fault(folder string) error {
	switch {
	case len(w.Errs) > 0:
		return w.Errs[0]
	case len(w.Odd) > 0:
		return fmt.Errorf("%s: %s", folder, w.Odd[0])
	}
	return nil
}

// faults lists what could not be read, odd names, and files that cannot be opened, so that one run shows all missing
// permissions. Of each kind it lists only the first few, and how many more there are.
func (w *ClassWalk) faults(folder string) (list []string) {
	var folders, odd, files []string
	for _, err := range w.Errs {
		folders = append(folders, err.Error())
	}
	for _, text := range w.Odd {
		odd = append(odd, folder+": "+text)
	}
	if len(folders)+len(odd) == 0 {
		return nil
	}
	for i := range w.Files {
		one := &w.Files[i]
		if info, err := os.Stat(one.Path); err == nil && !info.Mode().IsRegular() {
			continue // a pipe would block
		}
		f, err := os.Open(one.Path)
		if err != nil {
			files = append(files, fmt.Sprintf("%s: %v", filepath.ToSlash(filepath.Join(folder, one.Name)), record.PlainError(err)))
			continue
		}
		f.Close()
	}
	for _, sort := range [][]string{folders, odd, files} {
		if rest := len(sort) - phrase.Examples; rest > 0 {
			sort = append(sort[:phrase.Examples], fmt.Sprintf("%s: %d more like this", folder, rest))
		}
		list = append(list, sort...)
	}
	return list
}

// look follows links.
func (w *ClassWalk) look(name string) (info os.FileInfo, isFolder bool) {
	info, err := os.Stat(filepath.Join(w.root, name))
	return info, err == nil && info.IsDir()
}

// file is a file, by its path below the root.
func (w *ClassWalk) file(rel string, info os.FileInfo) image.File {
	f := image.File{Path: filepath.Join(w.root, rel), Name: filepath.ToSlash(rel)}
	if info != nil {
		f.Size, f.Time = info.Size(), info.ModTime().UnixNano()
	}
	return f
}

// folder adds the files of a folder, given by its path below the root. above are the folders that contain it, from the
// root to itself.
func (w *ClassWalk) folder(rel, class string, above []os.FileInfo) {
	if w.read.Full() {
		return
	}
	entries, err := w.entries(filepath.Join(w.root, rel))
	if err != nil {
		w.Errs = append(w.Errs, err)
		return
	}
	for _, e := range entries {
		name := filepath.Join(rel, e.Name())
		if strings.HasPrefix(e.Name(), ".") {
			w.hidden++
			continue
		}
		info, isFolder := w.look(name)
		switch {
		case isFolder && slices.ContainsFunc(above, func(a os.FileInfo) bool { return os.SameFile(a, info) }):
			w.Loops = append(w.Loops, name)
		case isFolder && !utf8.ValidString(e.Name()):
			w.addOdd(name, "a folder")
		case isFolder && e.Type()&fs.ModeSymlink != 0 && w.tooManyLinks():
			return
		case isFolder:
			w.folder(name, class, append(slices.Clip(above), info))
		case w.Sort.Is(name) && !utf8.ValidString(e.Name()):
			w.addOdd(name, "a file")
		case w.Sort.Is(name): // a pipe, or a broken link, is reported when it is read
			w.Files = append(w.Files, w.file(name, info))
			w.Classes = append(w.Classes, class)
		default:
			w.others[strings.ToLower(filepath.Ext(name))]++
		}
	}
}

// tooManyLinks counts a link that is followed, and notes when there are so many: a few folders that link to each other twice make
// millions of paths, without a circle.
func (w *ClassWalk) tooManyLinks() bool {
	const most = 30_000
	w.linked++
	if w.linked == most+1 {
		w.Errs = append(w.Errs, fmt.Errorf("%s: more than %s folders are reached by links", w.root, phrase.Thousands(most)))
	}
	return w.linked > most
}

// report notes what was left out.
func (w *ClassWalk) report(report image.Report) {
	if n := len(w.others); n > 0 {
		total := 0
		extensions := slices.Sorted(maps.Keys(w.others))
		for i, e := range extensions {
			total += w.others[e]
			if e == "" {
				extensions[i] = "without an extension"
			}
		}
		report.Note("left out %s that %s not named as %s (%s)", phrase.Count(total, "file"), phrase.IsAre(total), w.Sort.Named, phrase.List(extensions))
	}
	if w.hidden > 0 {
		report.Note("left out %s", phrase.Count(w.hidden, "hidden file"))
	}
	if n := len(w.loose); n > 0 {
		report.Warn("left out %s that %s not in the folder of a class", phrase.Count(n, w.Sort.noun), phrase.IsAre(n))
	}
	for _, name := range w.empty {
		report.Warn("the folder %s contains no %ss; it is not a class", name, w.Sort.noun)
	}
	for _, name := range w.Loops {
		report.Warn("%s links to a folder that contains it; the link was not followed", name)
	}
}
