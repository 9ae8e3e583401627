package image

import (
	"crypto/sha256"
	"dnn/internal/machine"
	"dnn/internal/phrase"
	"dnn/pkg/dataset/table"
	"dnn/pkg/spec"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

// Loader reads the images of all columns of a dataset, which share the memory, when it is known which rows are used.
type Loader struct {
	Report Report
	Path   func(name string) string // resolves a path of the spec
	Keep   bool                     // decoded images may be written into a cache
	Early  func(text string)        // hears of long work before it begins; nil: Report does
	held   float64                  // bytes of decoded images in memory
	later  []pending                // in the order they were found
}

// Add returns the images of a set, of which only the shape is known until they are read. digest takes that of their files.
func (l *Loader) Add(s *Set, t *table.Table, digest func(sum []byte)) *Pixels {
	px := &Pixels{Shape: s.shape(), Set: s}
	if s.How.Fit != "stretch" {
		px.Fit = s.How.Fit
	}
	l.later = append(l.later, pending{s, px, t, digest})
	return px
}

// Take takes over what another loader was given and has not read.
func (l *Loader) Take(other *Loader) { l.later = append(l.later, other.later...) }

// openCache returns the cache of a set, or nil when there is to be none.
func (l *Loader) openCache(s *Set, inMemory bool) *cache {
	dir := s.How.Cache
	switch dir {
	case "none":
		return nil
	case "auto", "":
		if inMemory && len(s.Files) < cachePictures {
			return nil
		}
		home, err := os.UserCacheDir()
		if err != nil {
			return nil
		}
		dir = filepath.Join(home, "dnn")
	default:
		dir = l.Path(dir)
	}
	how, _ := json.Marshal(s.settings)
	name, key := sha256.New(), sha256.New()
	fmt.Fprintf(name, "%s\n%q\n%s\n", cacheMagic, s.Home, how)
	fmt.Fprintf(key, "%s\n%s %v %v\n", cacheMagic, how, s.agree, s.grey)
	for i := range s.Files {
		f := &s.Files[i]
		fmt.Fprintf(key, "%q %q %d %d\n", f.Path, f.Name, f.Size, f.Time)
	}
	if s.picks != nil {
		fmt.Fprintf(key, "%v\n", s.picks)
	}
	return &cache{write: l.Keep, dir: dir, path: filepath.Join(dir, hex.EncodeToString(name.Sum(nil)[:12])+".pixels"), key: key.Sum(nil), rows: s.rows()}
}

// Read looks through the images of all sets that leave out what cannot be read (skip), for which parts are not drawn yet, or
// of all others, and there only through those of used rows. It reports whether they can be used. Sets whose settings have a
// mistake in p are not read.
func (l *Loader) Read(p *spec.Problems, skip bool, used map[*table.Table][]bool) bool {
	sound := true
	for _, late := range l.later {
		if (late.set.How.OnError == "skip") != skip {
			continue
		}
		late.px.Bad = late.set.misread(p) || !l.readSet(late, used[late.table])
		sound = sound && !late.px.Bad
	}
	return sound
}

// readSet looks through the pictures of a set. Those that fit into memory are kept there; others stay in the cache, or in
// their files, until they are needed. It reports false when a mistake was noted.
func (l *Loader) readSet(late pending, used []bool) bool {
	s, px := late.set, late.px
	px.places = s.pick(used)
	need := float64(float64(s.rows()) * float64(px.size()))
	inMemory := l.held+need <= s.How.limit()
	if inMemory {
		l.held += need
		machine.Hold(int(l.held))
	}
	cache := l.openCache(s, inMemory)
	if !inMemory {
		l.tellSize(s, need, cache)
	}
	sum, bad, ok := cache.load(px, inMemory)
	if !ok {
		sum, bad = s.readAll(px, inMemory, cache)
		cache.tell(l.Report)
	}
	late.digest(sum)
	if len(bad) > 0 && !l.tellUnread(s, bad) {
		return false
	}
	for _, b := range bad {
		px.broken = append(px.broken, int32(b.Row))
	}
	return true
}

// tellSize tells that pictures do not fit into memory, before that costs time.
func (l *Loader) tellSize(s *Set, need float64, cache *cache) {
	how := "each is decoded when it is needed"
	if cache != nil && (cache.write || cache.exists()) {
		how = "they are read from " + cache.dir + " when they are needed"
	}
	text := fmt.Sprintf("%s of %d×%d×%d take %.3g GB, and memory allows %.3g GB more: %s",
		phrase.Count(s.rows(), "decoded picture"), s.settings.Width, s.settings.Height, s.settings.Channels, need/1e9, max(0, s.How.limit()-l.held)/1e9, how)
	if l.Early != nil {
		l.Early(text)
	} else {
		l.Report.Note("%s", text)
	}
}

// tellUnread notes the pictures that could not be read, and reports whether the data is of use without them.
func (l *Loader) tellUnread(s *Set, bad []unread) bool {
	skip := s.How.OnError == "skip"
	hint := " (on_error: skip leaves such pictures out)"
	if len(bad) == s.rows() {
		hint = ""
	}
	var names []string
	for _, b := range bad {
		switch name := s.Place(b.Row); {
		case b.misfit:
			l.Report.Mistake(s.At, "pictures that differ from the first", name, b.Text)
		case skip && len(names) < phrase.Examples:
			names = append(names, name+": "+b.Text)
		case !skip:
			l.Report.Mistake(s.At, badPictures, name, b.Text+hint)
		}
	}
	if n := len(bad); skip && len(names) > 0 {
		rest := ""
		if n > len(names) {
			rest = fmt.Sprintf(" and %d more", n-len(names))
		}
		l.Report.Warn("%s left out that cannot be read: %s%s", phrase.Count(n, "picture"), phrase.Join(names), rest)
	}
	return skip && !slices.ContainsFunc(bad, func(b unread) bool { return b.misfit })
}
