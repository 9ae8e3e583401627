package image

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dnn/pkg/dataset/table"
)

// Pixels are pictures of one shape, a byte for each value.
type Pixels struct {
	Shape []int  // height, width, channels
	Bytes []byte // all pictures, one after the other; nil when they are read when they are needed

	Source source
	Set    *Set
	places []int32 // of the rows' pictures among those that are kept; nil where all are
	broken []int32 // rows whose pictures cannot be read and are left out, in order
	Bad    bool    // they are of no use, which was noted
	Fit    string  // how they were brought to their size; "" for pictures that had it
}

// source gives pictures that are not kept in memory. It may be asked by several goroutines at once.
type source interface {
	// picture returns a picture by its place among those that are kept, in scratch or in memory of its own.
	picture(place int32, scratch []byte) ([]byte, error)
	// works reports whether that takes a processor's work, so that several should do it.
	works() bool
}

// size is the count of bytes of a picture.
func (px *Pixels) size() int { return Volume(px.Shape) }

// picture returns the picture of a row. scratch has room for one.
func (px *Pixels) picture(row int32, scratch []byte) ([]byte, error) {
	if px.places != nil {
		row = px.places[row]
	}
	if px.Source != nil {
		return px.Source.picture(row, scratch)
	}
	size := px.size()
	return px.Bytes[int(row)*size : int(row+1)*size], nil
}

// A Filler turns the bytes of an image into numbers. It may be asked by several goroutines at once.
type Filler interface {
	Fill(pix []byte, floats []float32)
}

// Fill writes the images of some rows into floats, one after the other. Those that have to be decoded are, on all threads.
// scratch holds an image, and grows where it must.
func (px *Pixels) Fill(rows []int32, scratch *[]byte, e Filler, floats []float32) error {
	if px.Source != nil && px.Source.works() {
		return px.fillDecoded(rows, e, floats)
	}
	size := px.size()
	if px.Source != nil && len(*scratch) < size {
		*scratch = make([]byte, size)
	}
	for i, row := range rows {
		pix, err := px.picture(row, *scratch)
		if err != nil {
			return err
		}
		e.Fill(pix, floats[i*size:(i+1)*size])
	}
	return nil
}

func (px *Pixels) fillDecoded(rows []int32, e Filler, floats []float32) error {
	size := px.size()
	return InBlocks(len(rows), 1, func(lo, _ int) error {
		pix, err := px.picture(rows[lo], nil)
		if err != nil {
			return err
		}
		e.Fill(pix, floats[lo*size:(lo+1)*size])
		return nil
	})
}

// Of returns the images that a column holds, nil where it holds anything else.
func Of(c *table.Column) *Pixels {
	px, _ := c.Content.(*Pixels)
	return px
}

// SizeHint says where the size of images is set that are no column's.
func (px *Pixels) SizeHint() string {
	if px.Set != nil {
		return "their size and all that concerns the files is set in the dataset itself (image: {width: …})"
	}
	return "they have the size that the file says"
}

// Lacks reports whether the picture of a row cannot be read.
func (px *Pixels) Lacks(row int32) bool {
	_, found := slices.BinarySearch(px.broken, row)
	return found
}

// channels is how many channels are told apart in learning a scale: one for what is not a picture in the usual sense.
func (px *Pixels) channels() int {
	if len(px.Shape) == 3 {
		return px.Shape[2]
	}
	return 1
}

// Counts counts how often each value occurs in each channel of the pictures of some rows.
func (px *Pixels) Counts(rows []int32) ([][256]int, error) {
	channels := px.channels()
	sums := make([][256]int, channels)
	var lock sync.Mutex
	err := InBlocks(len(rows), blockRows, func(lo, hi int) error {
		own, scratch := make([][256]int, channels), make([]byte, px.size())
		for _, row := range rows[lo:hi] {
			pix, err := px.picture(row, scratch)
			if err != nil {
				return err
			}
			if channels == 1 {
				for _, v := range pix {
					own[0][v]++
				}
				continue
			}
			for c := range channels {
				for i := c; i < len(pix); i += channels {
					own[c][pix[i]]++
				}
			}
		}
		lock.Lock()
		defer lock.Unlock()
		for c := range sums {
			for v, n := range own[c] {
				sums[c][v] += n
			}
		}
		return nil
	})
	return sums, err
}

// A thread takes so many pictures at a time: at most blockRows, and of larger ones so many that they have blockBytes.
const (
	blockRows  = 64
	blockBytes = 16 << 20
)

// rowsInBlock is how many pictures of so many bytes a thread takes at a time.
func rowsInBlock(size int) int { return min(blockRows, max(1, blockBytes/max(1, size))) }

// InBlocks calls f for the ranges of up to size that make up [0, n), on all threads. The error is that of the first range
// that has one.
func InBlocks(n, size int, f func(lo, hi int) error) error {
	blocks := (n + size - 1) / size
	errs := make([]error, blocks)
	var next atomic.Int64
	var wait sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), blocks) {
		wait.Go(func() {
			for b := int(next.Add(1)) - 1; b < blocks; b = int(next.Add(1)) - 1 {
				errs[b] = f(b*size, min(n, (b+1)*size))
			}
		})
	}
	wait.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func Volume(shape []int) int {
	n := 1
	for _, d := range shape {
		n *= d
	}
	return n
}
