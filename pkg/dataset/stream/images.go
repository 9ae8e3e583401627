package stream

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"slices"

	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/format"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/npy"
)

// pictures reads images one by one from an IDX file or an array of NumPy, for prediction.
type pictures struct {
	r    io.Reader
	rows int
	in   *dataset.Input
	one  []byte
}

// openArray begins to read images for a schema whose one input they are.
func openArray(s *dataset.Schema, r io.Reader) (*pictures, error) {
	a, err := format.ReadIDXHeader(r)
	if err != nil {
		return nil, err
	}
	if len(s.Inputs) != 1 {
		return nil, fmt.Errorf("the model has %d inputs, not one of images", len(s.Inputs))
	}
	e, ok := s.Inputs[0].Encoder.(column.ImageEncoding)
	if !ok || a.Kind != 0x08 || len(a.Shape) < 2 || !slices.Equal(format.ImageShape(a.Shape), e.ImageShape()) {
		return nil, fmt.Errorf("holds %s of shape %v, but the model expects images of shape %v", format.IDXKinds[a.Kind].Name, a.Shape[1:], s.Inputs[0].Shape)
	}
	return &pictures{r: r, rows: a.Shape[0], in: &s.Inputs[0], one: make([]byte, image.Volume(e.ImageShape()))}, nil
}

// openNumPy is openArray for NumPy.
func openNumPy(s *dataset.Schema, r io.Reader, o Options) (*pictures, error) {
	e, ok := s.Inputs[0].Encoder.(column.ImageEncoding)
	if !ok {
		return nil, errors.New("holds an array, but the model expects rows")
	}
	var f io.ReaderAt
	size := int64(0)
	if o.File != nil {
		head := make([]byte, len(npy.Magic)) // compressed, it begins otherwise
		if info, err := o.File.Stat(); err == nil && info.Mode().IsRegular() {
			if n, _ := o.File.ReadAt(head, 0); npy.IsArray(string(head[:n])) {
				f, size = o.File, info.Size()
			}
		}
	}
	if f == nil {
		all, err := format.InMemory(r)
		if err != nil {
			return nil, err
		}
		f, size = all, all.Size()
	}
	pixels, err := format.ImagesOf(f, size, e.ImageShape())
	if err != nil {
		return nil, err
	}
	one := make([]byte, image.Volume(e.ImageShape()))
	return &pictures{r: bytes.NewReader(pixels.Bytes), rows: len(pixels.Bytes) / len(one), in: &s.Inputs[0], one: one}, nil
}

// next writes the next image into row i of the batch.
func (p *pictures) next(b *dataset.Batch, i int) error {
	if p.rows == 0 {
		return io.EOF
	}
	p.rows--
	if _, err := io.ReadFull(p.r, p.one); err != nil {
		return fmt.Errorf("the file ends before its last image: %w", err)
	}
	size := len(p.one)
	p.in.Encoder.(column.ImageEncoding).Fill(p.one, b.Floats[p.in.Block][i*size:(i+1)*size])
	if b.Weight != nil {
		b.Weight[i] = 1
	}
	return nil
}
