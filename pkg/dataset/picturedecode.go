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

// readPictures looks through all pictures of a set. Those that fit into memory are kept there; others stay in the cache,
// or in their files, until they are needed. It returns nil when a mistake was noted.
func (l *loader) readPictures(s *pictureSet) *Pixels {
	px := &Pixels{Shape: s.shape()}
	if s.how.Fit != "stretch" {
		px.fit = s.how.Fit
	}
	inMemory := float64(len(s.files))*float64(px.size()) <= s.how.limit()
	cache := l.pictureCache(s, inMemory)
	sum, bad, ok := cache.load(px, inMemory)
	if !ok {
		sum, bad = s.readAll(px, inMemory, cache)
		cache.tell(l.note)
	}
	l.sums = append(l.sums, sum)
	if len(bad) > 0 && !l.tellUnread(s, bad) {
		return nil
	}
	for _, b := range bad {
		px.broken = append(px.broken, int32(b.Row))
	}
	return px
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
	var names []string
	for _, b := range bad {
		switch name := s.place(b.Row); {
		case b.misfit:
			l.mistake(s.at, "pictures that differ from the first", name, b.Text)
		case skip && len(names) < maxExamples:
			names = append(names, name+": "+b.Text)
		case !skip:
			l.mistake(s.at, badPictures, name, b.Text+" (on_error: skip leaves such pictures out)")
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

// readAll decodes all pictures, on all threads, into memory, the cache, both or neither. sum is the digest of all files.
func (s *pictureSet) readAll(px *Pixels, inMemory bool, cache *pictureCache) (sum []byte, bad []unread) {
	n, size := len(s.files), px.size()
	if inMemory {
		px.Bytes = make([]byte, n*size)
	}
	cache.begin(n, size)
	sums := make([][sha256.Size]byte, n)
	var lock sync.Mutex
	inBlocks(n, blockRows, func(lo, hi int) error {
		var block []byte
		switch {
		case inMemory:
			block = px.Bytes[lo*size : hi*size]
		case cache.writing():
			block = make([]byte, (hi-lo)*size)
		}
		for i := lo; i < hi; i++ {
			pix, own, err := s.decode(i)
			sums[i] = own
			if err != nil {
				var differs *misfit
				lock.Lock()
				bad = append(bad, unread{i, err.Error(), errors.As(err, &differs)})
				lock.Unlock()
			} else if block != nil {
				copy(block[(i-lo)*size:], pix)
			}
		}
		cache.put(lo/blockRows, block)
		return nil
	})
	slices.SortFunc(bad, func(a, b unread) int { return cmp.Compare(a.Row, b.Row) })
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
