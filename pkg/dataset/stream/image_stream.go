package stream

import (
	"errors"
	"io"
	"iter"
	"runtime"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
)

// ImageStream reads image files, each a row for a net whose only input is an image, in constant memory. They are
// brought to the size of the training images and encoded as those were.
type ImageStream struct {
	in      *dataset.Input
	threads int
	next    func() (string, bool)
	stop    func()
	errs    []error
	rows    [][]string
}

// OpenImages begins to read the files of that names, on so many threads (0: as many as the machine gives). A schema without a ImageInput is an error.
// Close must be called.
func OpenImages(s *dataset.Schema, names iter.Seq[string], threads int) (*ImageStream, error) {
	in := s.ImageInput()
	if in == nil {
		return nil, errors.New("the model has other inputs than an image, or images of a shape that no file has")
	}
	if threads <= 0 {
		threads = runtime.GOMAXPROCS(0)
	}
	st := &ImageStream{in: in, threads: threads}
	st.next, st.stop = iter.Pull(names)
	return st, nil
}

// Close ends the reading.
func (st *ImageStream) Close() { st.stop() }

// Next fills the batch with the next images, at most max. At the end it returns 0 and io.EOF. An image that cannot be
// read keeps its place, with zeros for its numbers, and has its error in Errors.
func (st *ImageStream) Next(b *dataset.Batch, max int) (int, error) {
	st.errs, st.rows = st.errs[:0], st.rows[:0]
	for len(st.rows) < max {
		name, ok := st.next()
		if !ok {
			break
		}
		st.rows, st.errs = append(st.rows, []string{name}), append(st.errs, nil)
	}
	if b.Rows = len(st.rows); b.Rows == 0 {
		return 0, io.EOF
	}
	var wait sync.WaitGroup
	var taken atomic.Int64
	for range min(st.threads, b.Rows) {
		wait.Go(func() {
			for i := int(taken.Add(1)) - 1; i < b.Rows; i = int(taken.Add(1)) - 1 {
				st.errs[i] = st.read(st.rows[i][0], b, i)
			}
		})
	}
	wait.Wait()
	return b.Rows, nil
}

// read puts an image into row i of the batch.
func (st *ImageStream) read(name string, b *dataset.Batch, i int) error {
	if b.Weight != nil {
		b.Weight[i] = 1
	}
	size := image.Volume(st.in.Shape)
	floats := b.Floats[st.in.Block][i*size : (i+1)*size]
	bytes, err := st.decode(name)
	if err != nil {
		clear(floats)
		return err
	}
	st.in.Encoder.(column.ImageEncoding).Fill(bytes, floats)
	return nil
}

func (st *ImageStream) decode(name string) ([]byte, error) {
	if !utf8.ValidString(name) { // no output format could hold it
		return nil, errors.New(oddName)
	}
	data, err := image.ReadFile(name)
	if err != nil {
		return nil, err
	}
	return image.Decode(data, st.in.Encoder.(column.ImageEncoding).Decoding())
}

// Errors has for each image of the last Next what is wrong with it, or nil.
func (st *ImageStream) Errors() []error { return st.errs }

// Header names the one column of Records.
func (st *ImageStream) Header() []string { return []string{"file"} }

// Records holds for each image of the last Next the name of its file.
func (st *ImageStream) Records() [][]string { return st.rows }

// Raw is nil: images are no text.
func (st *ImageStream) Raw() []string { return nil }
