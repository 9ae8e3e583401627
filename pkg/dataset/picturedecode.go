package dataset

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"

	"dnn/internal/machine"
)

// badPictures is the sort of mistakes that are pictures which cannot be read.
const badPictures = "pictures that cannot be read"

// unread is a picture that could not be read.
type unread struct {
	Row  int    `json:"row"`
	Text string `json:"text"`

	misfit bool
}

// laterPictures is a column of pictures that is read when it is known which rows are of use.
type laterPictures struct {
	set   *pictureSet
	px    *Pixels
	table *Table
	sum   int // place of their digest
}

// pictures returns the pictures of a set, of which only the shape is known until they are read.
func (l *loader) pictures(s *pictureSet, t *Table) *Pixels {
	px := &Pixels{Shape: s.shape(), bad: s.misread(l.p), set: s}
	if s.how.Fit != "stretch" {
		px.fit = s.how.Fit
	}
	l.later = append(l.later, laterPictures{s, px, t, len(l.sums)})
	l.sums = append(l.sums, nil)
	return px
}

// readPictures looks through the pictures of all sets that leave out what cannot be read (skip), for which parts are not
// drawn yet, or of all others, and there only through those of used rows. It reports whether they can be used.
func (l *loader) readPictures(skip bool, used map[*Table][]bool) bool {
	sound := true
	for _, late := range l.later {
		if (late.set.how.OnError == "skip") != skip {
			continue
		}
		if !late.px.bad {
			late.px.bad = !l.readSet(late, used[late.table])
		}
		sound = sound && !late.px.bad
	}
	return sound
}

// readSet looks through the pictures of a set. Those that fit into memory are kept there; others stay in the cache, or in
// their files, until they are needed. It reports false when a mistake was noted.
func (l *loader) readSet(late laterPictures, used []bool) bool {
	s, px := late.set, late.px
	px.places = s.pick(used)
	need := float64(float64(s.rows()) * float64(px.size()))
	inMemory := l.held+need <= s.how.limit()
	if inMemory {
		l.held += need
		machine.Hold(int(l.held))
	}
	cache := l.pictureCache(s, inMemory)
	if !inMemory {
		l.tellSize(s, need, cache)
	}
	sum, bad, ok := cache.load(px, inMemory)
	if !ok {
		sum, bad = s.readAll(px, inMemory, cache)
		cache.tell(l.note)
	}
	l.sums[late.sum] = sum
	if len(bad) > 0 && !l.tellUnread(s, bad) {
		return false
	}
	for _, b := range bad {
		px.broken = append(px.broken, int32(b.Row))
	}
	return true
}

// tellSize tells that pictures do not fit into memory, before that costs time.
func (l *loader) tellSize(s *pictureSet, need float64, cache *pictureCache) {
	how := "each is decoded when it is needed"
	if cache != nil && (cache.write || cache.exists()) {
		how = "they are read from " + cache.dir + " when they are needed"
	}
	text := fmt.Sprintf("%s of %d×%d×%d take %.3g GB, and memory allows %.3g GB more: %s",
		counted(s.rows(), "decoded picture"), s.settings.Width, s.settings.Height, s.settings.Channels, need/1e9, max(0, s.how.limit()-l.held)/1e9, how)
	if l.early != nil {
		l.early(text)
	} else {
		l.note("%s", text)
	}
}

// limit is how many bytes pictures may take in memory.
func (f *PictureFiles) limit() float64 {
	const unknown = 1 << 30 // where the size of the memory cannot be told
	switch have := machine.Memory(); {
	case f.Memory >= 0:
		return f.Memory * 1e9
	case have > 0:
		return float64(have) / 4
	}
	return unknown
}

// tellUnread notes the pictures that could not be read, and reports whether the data is of use without them.
func (l *loader) tellUnread(s *pictureSet, bad []unread) bool {
	skip := s.how.OnError == "skip"
	hint := " (on_error: skip leaves such pictures out)"
	if len(bad) == s.rows() {
		hint = ""
	}
	var names []string
	for _, b := range bad {
		switch name := s.place(b.Row); {
		case b.misfit:
			l.mistake(s.at, "pictures that differ from the first", name, b.Text)
		case skip && len(names) < maxExamples:
			names = append(names, name+": "+b.Text)
		case !skip:
			l.mistake(s.at, badPictures, name, b.Text+hint)
		}
	}
	if n := len(bad); skip && len(names) > 0 {
		rest := ""
		if n > len(names) {
			rest = fmt.Sprintf(" and %d more", n-len(names))
		}
		l.note("warning: %s left out that cannot be read: %s%s", counted(n, "picture"), joinList(names), rest)
	}
	return skip && !slices.ContainsFunc(bad, func(b unread) bool { return b.misfit })
}

// joinList joins parts of a message.
func joinList(parts []string) string {
	text := ""
	for i, p := range parts {
		if i > 0 {
			text += "; "
		}
		text += p
	}
	return text
}

// readAll decodes all pictures of use, on all threads, into memory, the cache, both or neither. sum is the digest of all
// files, those of rows without use too.
func (s *pictureSet) readAll(px *Pixels, inMemory bool, cache *pictureCache) (sum []byte, bad []unread) {
	n, size := s.rows(), px.size()
	if inMemory {
		px.Bytes = make([]byte, n*size)
	}
	cache.begin(n, size)
	sums := make([][sha256.Size]byte, len(s.files))
	var lock sync.Mutex
	rows := rowsInBlock(size)
	inBlocks(n, rows, func(lo, hi int) error {
		var block []byte
		switch {
		case inMemory:
			block = px.Bytes[lo*size : hi*size]
		case cache.writing():
			block = make([]byte, (hi-lo)*size)
		}
		for i := lo; i < hi; i++ {
			row := s.row(i)
			pix, own, err := s.decode(row)
			sums[row] = own
			if err != nil {
				var differs *misfit
				lock.Lock()
				bad = append(bad, unread{row, err.Error(), errors.As(err, &differs)})
				lock.Unlock()
			} else if block != nil {
				copy(block[(i-lo)*size:], pix)
			}
		}
		cache.put(lo/rows, block)
		return nil
	})
	slices.SortFunc(bad, func(a, b unread) int { return cmp.Compare(a.Row, b.Row) })
	s.sumRest(sums)
	all := sha256.New()
	for i := range sums {
		fmt.Fprintf(all, "%q\n", s.files[i].name)
		all.Write(sums[i][:])
	}
	sum = all.Sum(nil)
	useless := slices.ContainsFunc(bad, func(b unread) bool { return b.misfit || s.how.OnError != "skip" })
	if source := cache.end(sum, bad, useless); !inMemory && source != nil {
		px.source = source
	} else if !inMemory {
		px.source = s
	}
	return sum, bad
}

// sumRest adds the digests of the files of rows that are of no use; of one that cannot be read it stays 0.
func (s *pictureSet) sumRest(sums [][sha256.Size]byte) {
	if s.picks == nil {
		return
	}
	picked := make([]bool, len(s.files))
	for _, row := range s.picks {
		picked[row] = true
	}
	inBlocks(len(s.files), blockRows, func(lo, hi int) error {
		for i := lo; i < hi; i++ {
			if picked[i] || s.files[i].path == "" {
				continue
			}
			if data, err := readPictureFile(s.files[i].path); err == nil {
				sums[i] = sha256.Sum256(data)
			}
		}
		return nil
	})
}
