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

// Loader reads the images of all columns of a dataset when it is known which rows are used. They share the memory.
type Loader struct {
	Report  Report
	Path    func(name string) string // resolves a path of the spec
	Keep    bool                     // decoded images may be written to a cache
	Foreign bool                     // but not to one that the spec names
	Early   func(text string)        // called before work that takes long; nil: Report is called
	held    float64                  // bytes of decoded images in memory
	later   []pending                // in the order they were added
}

// Add returns the images of a set. Only their shape is known until they are read. digest gets the digest of their
// files.
func (l *Loader) Add(s *Set, t *table.Table, digest func(sum []byte)) *Pixels {
	s.settleDepth(l.Report)
	px := &Pixels{Shape: s.shape(), Set: s}
	if s.How.Fit != "stretch" {
		px.Fit = s.How.Fit
	}
	l.later = append(l.later, pending{s, px, t, digest})
	return px
}

// Take takes over the sets that another loader has not read yet.
func (l *Loader) Take(other *Loader) { l.later = append(l.later, other.later...) }

// openCache returns the cache of a set, or nil for none.
func (l *Loader) openCache(s *Set, inMemory bool) *cache {
	dir := s.How.Cache
	switch dir {
	case "none":
		return nil
	case "auto", "":
		if inMemory && len(s.Files) < cachedByDefault {
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
	write := l.Keep && (!l.Foreign || s.How.Cache == "auto" || s.How.Cache == "")
	return &cache{write: write, dir: dir, path: filepath.Join(dir, hex.EncodeToString(name.Sum(nil)[:12])+".pixels"), key: key.Sum(nil), rows: s.rows()}
}

// Read reads the images of all sets with skip, which leave out images that cannot be read, before rows are assigned to
// splits; or those of all other sets, and of these only the rows that are used. It reports whether the images can be
// used. Sets whose settings have mistakes in p are not read.
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

// readSet reads the images of a set. If they fit into memory, they are kept there; if not, they are read from the cache
// or decoded when needed. It reports false if a mistake was reported.
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
		l.reportSize(s, need, cache)
	}
	sum, bad, ok := cache.load(px, inMemory)
	if !ok {
		sum, bad = s.readAll(px, inMemory, cache)
		cache.report(l.Report)
	}
	late.digest(sum)
	if len(bad) > 0 && !l.reportUnread(s, bad) {
		return false
	}
	for _, b := range bad {
		px.broken = append(px.broken, int32(b.Row))
	}
	return true
}

// reportSize says that images do not fit into memory, before that costs time.
func (l *Loader) reportSize(s *Set, need float64, cache *cache) {
	how := "each is decoded when needed"
	if cache != nil && (cache.write || cache.exists()) {
		how = "they are read from " + cache.dir + " when needed"
	}
	text := fmt.Sprintf("%s of %d×%d×%d take %.3g GB, and memory allows %.3g GB more: %s",
		phrase.Count(s.rows(), "decoded image"), s.settings.Width, s.settings.Height, s.settings.Channels, need/1e9, max(0, s.How.limit()-l.held)/1e9, how)
	if l.Early != nil {
		l.Early(text)
	} else {
		l.Report.Note("%s", text)
	}
}

// reportUnread reports the images that could not be read, and whether the data can be used without them.
func (l *Loader) reportUnread(s *Set, bad []unread) bool {
	skip := s.How.OnError == "skip"
	hint := " (on_error: skip leaves such images out)"
	if len(bad) == s.rows() {
		hint = ""
	}
	var names []string
	for _, b := range bad {
		switch name := s.Place(b.Row); {
		case b.misfit:
			l.Report.Mistake(s.At, "images that differ from the first", name, b.Text)
		case skip && len(names) < phrase.Examples:
			names = append(names, name+": "+b.Text)
		case !skip:
			l.Report.Mistake(s.At, unreadable, name, b.Text+hint)
		}
	}
	if n := len(bad); skip && len(names) > 0 {
		rest := ""
		if n > len(names) {
			rest = fmt.Sprintf(" and %d more", n-len(names))
		}
		l.Report.Warn("left out %s that cannot be read: %s%s", phrase.Count(n, "image"), phrase.Join(names), rest)
	}
	return skip && !slices.ContainsFunc(bad, func(b unread) bool { return b.misfit })
}
