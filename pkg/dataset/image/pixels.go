package image

import (
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"dnn/pkg/dataset/table"
)

// Pixels are images of one shape, a byte per value.
type Pixels struct {
	Shape []int  // height, width, channels
	Bytes []byte // all images in a row; nil if they are read when needed

	Source source
	Set    *Set
	places []int32 // index of each row's image among those that are kept; nil if all are
	broken []int32 // rows whose images cannot be read and are left out, ascending
	Bad    bool    // they cannot be used, which was reported
	Fit    string  // how they were resized; "" if they were not
}

// source gives images that are not kept in memory. Goroutines may call it at the same time.
type source interface {
	// image returns an image by its index among those that are kept, in scratch or in memory of its own.
	image(place int32, scratch []byte) ([]byte, error)
	// works reports whether that takes processor time, so that several threads should do it.
	works() bool
}

// size is the number of bytes of an image.
func (px *Pixels) size() int { return Volume(px.Shape) }

// image returns the image of a row. scratch has the size of one.
func (px *Pixels) image(row int32, scratch []byte) ([]byte, error) {
	if px.places != nil {
		row = px.places[row]
	}
	if px.Source != nil {
		return px.Source.image(row, scratch)
	}
	size := px.size()
	return px.Bytes[int(row)*size : int(row+1)*size], nil
}

// A Filler turns the bytes of an image into numbers. Goroutines may call it at the same time.
type Filler interface {
	Fill(pix []byte, floats []float32)
}

// Fill writes the images of some rows into floats. Those that must be decoded are, on all threads. scratch holds an
// image and grows if it must.
func (px *Pixels) Fill(rows []int32, scratch *[]byte, e Filler, floats []float32) error {
	if px.Source != nil && px.Source.works() {
		return px.fillDecoded(rows, e, floats)
	}
	size := px.size()
	if px.Source != nil && len(*scratch) < size {
		*scratch = make([]byte, size)
	}
	for i, row := range rows {
		pix, err := px.image(row, *scratch)
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
		pix, err := px.image(rows[lo], nil)
		if err != nil {
			return err
		}
		e.Fill(pix, floats[lo*size:(lo+1)*size])
		return nil
	})
}

// Of returns the images that a column holds, or nil if it holds none.
func Of(c *table.Column) *Pixels {
	px, _ := c.Content.(*Pixels)
	return px
}

// SizeHint says where the size of images that are no column's is set.
func (px *Pixels) SizeHint() string {
	if px.Set != nil {
		return "set size and file options in the dataset (image: {width: …})"
	}
	return "their size is that in the file"
}

// Lacks reports whether the image of a row cannot be read.
func (px *Pixels) Lacks(row int32) bool {
	_, found := slices.BinarySearch(px.broken, row)
	return found
}

// channels is the number of channels with a scale of their own: one unless the last axis is 1 or 3 long.
func (px *Pixels) channels() int {
	if len(px.Shape) == 3 {
		return px.Shape[2]
	}
	return 1
}

// Counts counts how often each value occurs in each channel of the images of some rows.
func (px *Pixels) Counts(rows []int32) ([][256]int, error) {
	channels := px.channels()
	sums := make([][256]int, channels)
	var lock sync.Mutex
	err := InBlocks(len(rows), blockRows, func(lo, hi int) error {
		own, scratch := make([][256]int, channels), make([]byte, px.size())
		for _, row := range rows[lo:hi] {
			pix, err := px.image(row, scratch)
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

// A thread takes at most blockRows images at a time, and at most blockBytes of large ones.
const (
	blockRows  = 64
	blockBytes = 16 << 20
)

// rowsInBlock is how many images of the given size a thread takes at a time.
func rowsInBlock(size int) int { return min(blockRows, max(1, blockBytes/max(1, size))) }

// InBlocks calls f for ranges of up to size that cover [0, n), on all threads. It returns the error of the first range
// that failed.
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
