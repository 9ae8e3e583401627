package dataset

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"dnn/pkg/spec"
)

// loader is what one Load carries along.
type loader struct {
	settings *Settings
	dir      string
	seed     uint64
	p        *spec.Problems
	notes    []string
	numbers  []inferredNumber
	// Inputs that are the same in every row, and those that a warning was told of.
	constants []string
	doubted   map[string]bool
	lost      []Lost
	tables    map[string]*Table  // as they were read and arranged
	timing    *Timing            // how rows follow one another; nil where that is no matter
	fitted    *Timing            // how they did when the schema was fitted that is given; nil where none is
	past      []int32            // the rows of the training part, those too that have no history of their own
	sums      [][]byte           // of the files, in the order they were read
	counts    map[string]int     // mistakes of one sort that were noted so far
	told      map[[2]string]bool // mistakes by place and text: a cell may be read by several inputs and steps of the target
	later     []laterPictures    // columns of pictures, in the order they were found
	// How the files are read whose paths stand in the column of an input, and the columns of their series.
	seriesFiles map[int]*SeriesFiles
	lists       map[listKey]*Column
	held        float64           // bytes of decoded pictures in memory
	keep        bool              // decoded pictures may be written into a cache
	early       func(text string) // hears of long work before it begins; nil: notes do
}

const (
	root        = "dataset" // the section's path in the spec
	maxExamples = 3         // mistakes of one sort that are told one by one
)

func newLoader(s *Settings, dir string, seed uint64, p *spec.Problems) *loader {
	return &loader{settings: s, dir: dir, seed: seed, p: p, counts: map[string]int{}, told: map[[2]string]bool{}, doubted: map[string]bool{},
		seriesFiles: map[int]*SeriesFiles{}, lists: map[listKey]*Column{}}
}

func (l *loader) note(format string, args ...any) {
	l.notes = append(l.notes, fmt.Sprintf(format, args...))
}

// sum is the digest of all data that was read.
func (l *loader) sum() string {
	all := sha256.Sum256(bytes.Join(l.sums, nil))
	return "sha256:" + hex.EncodeToString(all[:])
}

// wanted returns which columns the spec asks for. Without inputs it is all of them.
func (l *loader) wanted() func(string) bool {
	s := l.settings
	if len(s.Inputs) == 0 {
		return func(string) bool { return true }
	}
	if s.timed() && s.OrderBy == "" { // any may tell the order
		return func(string) bool { return true }
	}
	exact, globs := map[string]bool{s.Weight: true, s.OrderBy: true, s.Group: true, s.SequenceID: true}, []string(nil)
	for _, in := range s.Inputs {
		exact[in.Column] = true
		globs = append(globs, in.Columns...)
	}
	for _, t := range s.Target {
		exact[t.Column] = true
	}
	return func(name string) bool {
		return exact[name] || slices.ContainsFunc(globs, func(g string) bool { return matches(g, name) })
	}
}

// matches reports whether a name is the pattern itself or matches it as a glob.
func matches(pattern, name string) bool {
	ok, err := filepath.Match(pattern, name)
	return pattern == name || ok && err == nil
}

// expand turns the entries of a key into files: names as they are, globs into what they match, sorted.
func (l *loader) expand(key string, entries []string) []string {
	var files []string
	for i, e := range entries {
		at := fmt.Sprintf("%s.%s", root, key)
		if len(entries) > 1 {
			at += fmt.Sprintf("[%d]", i)
		}
		full := l.path(e)
		_, err := os.Stat(full)
		switch {
		case err == nil:
			files = append(files, full)
			continue
		case isURL(e):
			l.p.Add(at, "%s", urlHint(e))
			continue
		case strings.HasPrefix(e, "~"):
			l.p.Add(at, "no file %s: %s", e, homeHint)
			continue
		case !strings.ContainsAny(e, "*?["):
			files = append(files, full) // whoever opens it tells
			continue
		}
		found, err := filepath.Glob(full)
		if err != nil || len(found) == 0 {
			l.p.Add(at, "no file matches %q", e)
			continue
		}
		files = append(files, found...)
	}
	return files
}

func (l *loader) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return shown(filepath.Join(l.dir, filepath.FromSlash(name)))
}

// shown is a path from where the user stands, if it leads from there into a folder within: so a run that is resumed by the
// whole path of its folder names its data as before.
func shown(path string) string {
	if !filepath.IsAbs(path) {
		return path
	}
	if here, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(here, path); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return path
}

// open opens a file named under key, unpacks it, and counts its bytes into the digest. done must be called.
func (l *loader) open(key, file string) (r io.Reader, done func(), ok bool) {
	f, err := os.Open(file)
	if err != nil {
		l.p.Add(root+"."+key, "%v", fileError(err))
		return nil, nil, false
	}
	if info, err := f.Stat(); err == nil && info.IsDir() {
		f.Close()
		l.p.Add(root+"."+key, "%s", folderHint(file))
		return nil, nil, false
	}
	sum := sha256.New()
	raw := io.TeeReader(f, sum)
	text, err := unpack(raw)
	if err != nil {
		f.Close()
		l.p.Add(root+"."+key, "%s: %v", file, err)
		return nil, nil, false
	}
	return text, func() {
		io.Copy(io.Discard, raw)
		f.Close()
		l.sums = append(l.sums, sum.Sum(nil))
	}, true
}

// fileError shortens "open x: no such file or directory" to "x: no such file or directory".
func fileError(err error) string {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Path + ": " + pe.Err.Error()
	}
	return err.Error()
}

// mistake notes a mistake in the data. Of each sort (a path and a text) only the first few are told one by one, the rest
// is counted by summarize. What is wrong with a cell is one mistake, whatever reads it.
func (l *loader) mistake(path, sort, where, text string) {
	if l.told[[2]string{where, text}] {
		return
	}
	l.told[[2]string{where, text}] = true
	key := path + "\x00" + sort
	l.counts[key]++
	if l.counts[key] <= maxExamples {
		l.p.Add(path, "%s: %s", where, text)
	}
}

// summarize tells how many mistakes of each sort were not told.
func (l *loader) summarize() {
	keys := make([]string, 0, len(l.counts))
	for key, n := range l.counts {
		if n > maxExamples {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	for _, key := range keys {
		path, sort, _ := strings.Cut(key, "\x00")
		noun := "more row"
		if sort == badFiles {
			noun = "more file"
		}
		l.p.Add(path, "%s: %s like this", sort, counted(l.counts[key]-maxExamples, noun))
	}
}
