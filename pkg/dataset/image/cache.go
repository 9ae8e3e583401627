package image

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"sync"

	"dnn/internal/regular"
	"dnn/pkg/dataset/record"
)

// cache is a file of decoded images. It holds the pixels of all rows, then a trailer as JSON with the digest of each
// block of rows, then the trailer's length in eight bytes, its SHA-256 and a magic number. It is renamed into place
// when complete, so several processes may write the same one. A cache that is damaged or does not match is written
// anew. A nil cache keeps nothing.
type cache struct {
	dir, path string
	key       []byte // digest of the files' names, sizes and times, and of how they are decoded
	rows      int
	size      int
	write     bool // whether it may be written

	temp *os.File
	sums []byte // SHA-256 of each block
	lock sync.Mutex
	err  error // why it was not written
	kept bool
}

const (
	cacheMagic      = "dnnpix01"
	cachedByDefault = 5000 // images from which on they are cached by default
)

// cacheTrailer follows the pixels.
type cacheTrailer struct {
	Key    []byte   `json:"key"`
	Rows   int      `json:"rows"`
	Size   int      `json:"size"` // of an image in bytes
	Sum    []byte   `json:"sum"`  // of all files when they were read
	Broken []unread `json:"broken,omitempty"`
	Blocks []byte   `json:"blocks"` // SHA-256 of each block of rows
}

// exists reports whether there is a cache of that name, valid or not.
func (c *cache) exists() bool {
	_, err := os.Stat(c.path)
	return err == nil
}

// load opens the cache, if it is complete and valid.
func (c *cache) load(px *Pixels, inMemory bool) (sum []byte, bad []unread, ok bool) {
	if c == nil {
		return nil, nil, false
	}
	f, err := regular.Open(c.path)
	if err != nil {
		return nil, nil, false
	}
	t, err := c.trailer(f, px.size())
	if err == nil {
		err = t.check(f, px, inMemory)
	}
	if err != nil || inMemory {
		f.Close()
	}
	if err != nil {
		px.Bytes = nil
		return nil, nil, false
	}
	if !inMemory {
		px.Source = &cachedImages{f, px.size()}
	}
	return t.Sum, t.Broken, true
}

var errCache = errors.New("the cache does not fit, or is damaged")

// cacheFoot is the length of what follows the trailer.
const cacheFoot = 8 + sha256.Size + len(cacheMagic)

// trailer reads the trailer and compares it with what is expected.
func (c *cache) trailer(f *os.File, size int) (*cacheTrailer, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	pixels := int64(c.rows) * int64(size)
	length := info.Size() - pixels - int64(cacheFoot)
	if length <= 0 || length > 1<<20+1<<10*int64(c.rows) {
		return nil, errCache
	}
	text := make([]byte, int(length)+cacheFoot)
	if _, err := f.ReadAt(text, pixels); err != nil {
		return nil, err
	}
	text, foot := text[:length], text[length:]
	sum := sha256.Sum256(text)
	if binary.LittleEndian.Uint64(foot) != uint64(length) || !bytes.Equal(foot[8:8+sha256.Size], sum[:]) || string(foot[8+sha256.Size:]) != cacheMagic {
		return nil, errCache
	}
	t := &cacheTrailer{}
	if err := json.Unmarshal(text, t); err != nil {
		return nil, err
	}
	if !bytes.Equal(t.Key, c.key) || t.Rows != c.rows || t.Size != size || len(t.Blocks) != blocks(c.rows, size)*sha256.Size {
		return nil, errCache
	}
	return t, nil
}

// blocks returns the number of blocks, each of which has a digest.
func blocks(rows, size int) int { return (rows + rowsInBlock(size) - 1) / rowsInBlock(size) }

// check reads all pixels, into memory if they are to be kept there, and compares their digests.
func (t *cacheTrailer) check(f *os.File, px *Pixels, inMemory bool) error {
	if inMemory {
		px.Bytes = make([]byte, t.Rows*t.Size)
	}
	rows := rowsInBlock(t.Size)
	return InBlocks(t.Rows, rows, func(lo, hi int) error {
		var block []byte
		if inMemory {
			block = px.Bytes[lo*t.Size : hi*t.Size]
		} else {
			block = make([]byte, (hi-lo)*t.Size)
		}
		if _, err := f.ReadAt(block, int64(lo)*int64(t.Size)); err != nil {
			return err
		}
		if sum := sha256.Sum256(block); !bytes.Equal(sum[:], t.Blocks[lo/rows*sha256.Size:][:sha256.Size]) {
			return errCache
		}
		return nil
	})
}

// begin starts to write the cache.
func (c *cache) begin(rows, size int) {
	if c == nil || !c.write {
		return
	}
	c.size = size
	c.sums = make([]byte, blocks(rows, size)*sha256.Size)
	if c.err = os.MkdirAll(c.dir, 0o777); c.err == nil {
		removeLeft(c.dir)
		c.temp, c.err = os.CreateTemp(c.dir, tempPattern())
	}
	c.err = record.PlainError(c.err)
}

// writing reports whether the cache is being written.
func (c *cache) writing() bool {
	if c == nil {
		return false
	}
	c.lock.Lock()
	defer c.lock.Unlock()
	return c.temp != nil && c.err == nil
}

// put writes a block of rows. Goroutines may put different blocks at the same time.
func (c *cache) put(block int, pixels []byte) {
	if !c.writing() {
		return
	}
	sum := sha256.Sum256(pixels)
	copy(c.sums[block*sha256.Size:], sum[:])
	if _, err := c.temp.WriteAt(pixels, int64(block)*int64(rowsInBlock(c.size))*int64(c.size)); err != nil {
		c.lock.Lock()
		c.err = record.PlainError(err)
		c.lock.Unlock()
	}
}

// end writes the trailer and renames the file into place, or removes the file if it is incomplete. It returns a source
// that reads from the cache.
func (c *cache) end(sum []byte, bad []unread, useless bool) source {
	if c == nil || c.temp == nil {
		return nil
	}
	if c.err == nil && !useless {
		c.err = record.PlainError(c.finish(cacheTrailer{Key: c.key, Rows: c.rows, Size: c.size, Sum: sum, Broken: bad, Blocks: c.sums}))
	}
	c.kept = c.err == nil && !useless
	if !c.kept {
		c.temp.Close()
		os.Remove(c.temp.Name())
		return nil
	}
	return &cachedImages{c.temp, c.size}
}

func (c *cache) finish(t cacheTrailer) error {
	text, err := json.Marshal(t)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(text)
	length := uint64(len(text))
	text = binary.LittleEndian.AppendUint64(text, length)
	text = append(append(text, sum[:]...), cacheMagic...)
	if _, err := c.temp.WriteAt(text, int64(c.rows)*int64(c.size)); err != nil {
		return err
	}
	return os.Rename(c.temp.Name(), c.path)
}

// report says what became of the cache that was to be written.
func (c *cache) report(report Report) {
	switch {
	case c == nil || !c.write:
	case c.err != nil:
		report.Warn("cannot write the cache of decoded images in %s: %v", c.dir, c.err)
	case c.kept:
		report.Note("decoded images are cached in %s for the next run (cache: none switches that off)", c.dir)
	}
}

// cachedImages reads images from an open cache.
type cachedImages struct {
	file *os.File
	size int
}

func (c *cachedImages) image(place int32, scratch []byte) ([]byte, error) {
	scratch = scratch[:c.size]
	if _, err := c.file.ReadAt(scratch, int64(place)*int64(c.size)); err != nil {
		if err == io.EOF {
			err = io.ErrUnexpectedEOF
		}
		return nil, fmt.Errorf("the cache of decoded images %s: %w", c.file.Name(), err)
	}
	return scratch, nil
}

func (c *cachedImages) works() bool { return false }
