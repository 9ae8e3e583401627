package stream

import (
	"fmt"
	"path/filepath"

	"dnn/internal/phrase"
	"dnn/pkg/dataset"
	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/record"
)

// imagePaths are the inputs of a stream whose columns hold the paths of image files.
type imagePaths struct {
	base   string // the folder that the paths are relative to
	inputs []int
}

// openPaths settles which inputs of a stream are images, and from where their paths lead.
func (st *Stream) openPaths(name string, o Options) error {
	st.paths.base = o.Root
	if o.Root == "" {
		st.paths.base = filepath.Dir(name)
	}
	for i := range st.schema.Inputs {
		in := &st.schema.Inputs[i]
		e, ok := in.Encoder.(column.ImageEncoding)
		if !ok {
			continue
		}
		if !dataset.OfFiles(e.ImageShape()) {
			return fmt.Errorf("the model expects images of shape %v for %s, which no image file has", e.ImageShape(), in.Name)
		}
		st.paths.inputs = append(st.paths.inputs, i)
	}
	return nil
}

// readImages reads the images of the rows of a batch, on all threads. A row whose image cannot be read is as
// one that cannot be encoded.
func (st *Stream) readImages(b *dataset.Batch) {
	errs := st.Errors()
	image.InBlocks(b.Rows, 1, func(row, _ int) error {
		if errs[row] == nil {
			if err := st.readImage(b, row); err != nil {
				errs[row] = err
			}
		}
		return nil
	})
	for row, err := range errs {
		if err != nil {
			b.Clear(row, row+1)
			for _, lengths := range b.Lengths {
				if lengths != nil {
					lengths[row] = 0
				}
			}
			clear(st.cells)
			b.ExpandRow(st.cells, row, false)
		}
	}
}

func (st *Stream) readImage(b *dataset.Batch, row int) error {
	for _, i := range st.paths.inputs {
		in := &st.schema.Inputs[i]
		e, size := in.Encoder.(column.ImageEncoding), image.Volume(in.Shape)
		bad := &record.RowError{Line: st.Lines()[row], Column: in.Columns[0], Unread: true}
		field := ""
		if at := st.inputs[i][0]; at < len(st.Records()[row]) {
			field = st.words.Clean(st.Records()[row][at])
		}
		if field == "" {
			bad.Text = "is missing"
			return bad
		}
		data, err := image.ReadFile(image.ResolvePath(field, st.paths.base))
		var pix []byte
		if err == nil {
			pix, err = image.Decode(data, e.Decoding())
		}
		if err != nil {
			bad.Text = phrase.Quote(field) + ": " + err.Error()
			if st.folder { // the file is the row
				bad.Column, bad.Text = "", err.Error()
			}
			return bad
		}
		e.Fill(pix, b.Floats[in.Block][row*size:(row+1)*size])
	}
	return nil
}
