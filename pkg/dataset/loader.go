package dataset

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"dnn/internal/glob"
	"dnn/internal/regular"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
)

// loader is what one Load carries along. It is the Source of formats and of types that read files.
type loader struct {
	choices
	settings   *readers
	dir        string
	seed       uint64
	p          *spec.Problems
	notes      spec.Notes
	mistakes   *mistakes
	unresolved []Unresolved
	tables     map[string]*table.Table // as they were read and arranged
	timing     *table.Ordering         // how rows follow one another; nil where that is no matter
	fitted     *Schema                 // one that was fitted before; nil where there is none
	gaps       *table.NumberGaps       // words that are gaps among numbers
	past       []int32                 // the rows of the training split, those too that have no history of their own
	sums       []*[]byte               // digests of all data, in the order it was read
	images     image.Loader
}

// choices are what options settle.
type choices struct {
	separate bool   // each target is a head of its own
	fields   fields // those that are kept
	untested bool   // the test split is left for later
	foreign  bool   // the settings may be of others
	joined   bool   // the rows of the validation split are rows of the training split
	models   models
}

// models are those whose preprocessing is taken over, and the columns of which it was.
type models struct {
	given []*Schema
	taken []string
}

// The stages of a Load, in their order. Each has what the loader carries along.
type (
	arranger struct{ *loader } // reads tables and brings their rows into order
	resolver struct {          // finds the columns of inputs and targets
		*loader
		columns map[string]*table.Column // of the table that is trained on
	}
	splitter struct { // shares rows out among the splits
		*loader
		tiny []string // splits whose share is less than a row, which was noted
	}
	fitter   struct{ *loader } // learns the schema from the training rows
	encoding struct{ *loader } // turns rows into cells
)

const root = format.Section // the section's path in the spec

func newLoader(s *Settings, dir string, seed uint64, p *spec.Problems) *loader {
	l := &loader{settings: newReaders(s), dir: dir, seed: seed, p: p, mistakes: newMistakes()}
	l.images.Report, l.images.Path = l, l.Path
	return l
}

// Note notes what was found in the data.
func (l *loader) Note(form string, args ...any) { l.notes.Add(root, form, args...) }

// Warn warns of something in the data.
func (l *loader) Warn(form string, args ...any) { l.notes.Warn(root, form, args...) }

// Problems are the mistakes in the spec.
func (l *loader) Problems() *spec.Problems { return l.p }

// Seed is that of the spec.
func (l *loader) Seed() uint64 { return l.seed }

// FreeText reports whether the fields of a column are texts and nothing else.
func (l *loader) FreeText(column string) bool { return l.settings.plainText(column) }

// Digest takes the next place among the digests.
func (l *loader) Digest() func(sum []byte) {
	place := new([]byte)
	l.sums = append(l.sums, place)
	return func(sum []byte) { *place = sum }
}

// Images returns the images of a set, which are read when it is known which rows are used.
func (l *loader) Images(set *image.Set, t *table.Table) *image.Pixels {
	return l.images.Add(set, t, l.Digest())
}

// digested reports whether all data was read of which there is to be a digest.
func (l *loader) digested() bool {
	return !slices.ContainsFunc(l.sums, func(sum *[]byte) bool { return *sum == nil })
}

// sum is the digest of all data that was read.
func (l *loader) sum() string {
	all := sha256.New()
	for _, sum := range l.sums {
		all.Write(*sum)
	}
	return "sha256:" + hex.EncodeToString(all.Sum(nil))
}

// Wanted reports whether the spec asks for a column. Without inputs it asks for all of them.
func (l *loader) Wanted(column string) bool { return l.settings.wants(column) }

// Path resolves a path of the spec.
func (l *loader) Path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return relativeToHere(filepath.Join(l.dir, filepath.FromSlash(name)))
}

// allRegular reports whether what the settings name as the data is there, and is files and folders. Pipes might block, devices never
// end.
func (l *loader) allRegular() bool {
	before := l.p.Len()
	var search glob.Search
	cache := ""
	if f, ok := l.settings.Format.(interface{ CacheFolder() string }); ok {
		cache = relativeToHere(l.Path(f.CacheFolder()))
	}
	for _, path := range l.settings.Paths(l.dir) {
		path = relativeToHere(path)
		names := []string{path}
		if _, err := os.Stat(path); err != nil && path == cache {
			continue
		} else if err != nil && isGlob(path) {
			if names, err = search.Files(path); err != nil {
				l.p.Add(root, "%s %v", path, err)
			}
		} else if err != nil {
			l.p.Add(root, "%v", record.FileError(err))
		}
		for _, name := range names {
			if err := regular.Check(name); err != nil {
				l.p.Add(root, "%v", record.FileError(err))
				break
			}
		}
	}
	return l.p.Len() == before
}

// relativeToHere is a path from the working folder, if it leads from there into a folder within: so a run that is resumed by the
// whole path of its folder names its data as before.
func relativeToHere(path string) string {
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

// Mistake notes a mistake in the data, of which each sort is listed a few times.
func (l *loader) Mistake(path, sort, where, text string) {
	l.mistakes.add(l.p, path, sort, where, text)
}

// fork is a loader that may run in parallel with others; join takes over what it found out.
func (l *loader) fork() *loader {
	return newLoader(l.settings.Settings, l.dir, l.seed, &spec.Problems{})
}

// join takes over what a fork noted and read, as if l had done it now.
func (l *loader) join(f *loader) {
	l.p.Append(f.p)
	l.notes.Merge(f.notes)
	l.images.Take(&f.images)
	l.sums = append(l.sums, f.sums...)
	l.mistakes.join(f.mistakes)
}

// readAll reads all given splits, each on a thread of its own. What they note is joined in the order of the splits, so the
// result does not depend on who was first.
func (l *loader) readAll() map[string]*table.Table {
	given := l.settings.Format.Given()
	tables, forks := make([]*table.Table, len(given)), make([]*loader, len(given))
	var wait sync.WaitGroup
	for i, part := range given {
		forks[i] = l.fork()
		wait.Go(func() { tables[i] = l.settings.Format.Read(forks[i], part) })
	}
	wait.Wait()
	byPart := map[string]*table.Table{}
	for i, part := range given {
		l.join(forks[i])
		if tables[i] != nil {
			byPart[part] = tables[i]
		}
	}
	return byPart
}
