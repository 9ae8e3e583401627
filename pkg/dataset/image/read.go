package image

import (
	"cmp"
	"crypto/sha256"
	"errors"
	"fmt"
	"slices"
	"sync"

	"dnn/internal/machine"
	"dnn/pkg/dataset/table"
)

// unreadable groups the mistakes about images that cannot be read.
const unreadable = "images that cannot be read"

// unread is an image that could not be read.
type unread struct {
	Row  int    `json:"row"`
	Text string `json:"text"`

	misfit bool
}

// pending is a column of images that is read when it is known which rows are used.
type pending struct {
	set    *Set
	px     *Pixels
	table  *table.Table
	digest func(sum []byte)
}

// limit is how many bytes images may take in memory.
func (f *Files) limit() float64 {
	const unknown = 1 << 30 // where the memory size is unknown
	switch have := machine.Memory(); {
	case f.Memory >= 0:
		return f.Memory * 1e9
	case have > 0:
		return float64(have) / 4
	}
	return unknown
}

// readAll decodes all images that are used, on all threads, into memory, the cache, both or neither. sum is the digest
// of all files, also those of unused rows.
func (s *Set) readAll(px *Pixels, inMemory bool, cache *cache) (sum []byte, bad []unread) {
	n, size := s.rows(), px.size()
	if inMemory {
		px.Bytes = make([]byte, n*size)
	}
	cache.begin(n, size)
	sums := make([][sha256.Size]byte, len(s.Files))
	var lock sync.Mutex
	rows := rowsInBlock(size)
	InBlocks(n, rows, func(lo, hi int) error {
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
		fmt.Fprintf(all, "%q\n", s.Files[i].Name)
		all.Write(sums[i][:])
	}
	sum = all.Sum(nil)
	useless := slices.ContainsFunc(bad, func(b unread) bool { return b.misfit || s.How.OnError != "skip" })
	if source := cache.end(sum, bad, useless); !inMemory && source != nil {
		px.Source = source
	} else if !inMemory {
		px.Source = s
	}
	return sum, bad
}

// sumRest adds the digests of the files of unused rows; that of a file that cannot be read stays 0.
func (s *Set) sumRest(sums [][sha256.Size]byte) {
	if s.picks == nil {
		return
	}
	picked := make([]bool, len(s.Files))
	for _, row := range s.picks {
		picked[row] = true
	}
	InBlocks(len(s.Files), blockRows, func(lo, hi int) error {
		for i := lo; i < hi; i++ {
			if picked[i] || s.Files[i].Path == "" {
				continue
			}
			if data, err := ReadFile(s.Files[i].Path); err == nil {
				sums[i] = sha256.Sum256(data)
			}
		}
		return nil
	})
}
