package dataset

import (
	"bytes"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
)

// Baseline writes into row i of a batch a row that says as little as can be, for others to be compared with: numbers have
// what fills their gaps (by default the mean of the training split), or else zero on the scale they are learned on; words are
// none, and so are whole numbers; images are the mean of the training images where they are normalized by that
// (normalize: zscore), and black else.
func (b *Batch) Baseline(i int) {
	b.Clear(i, i+1)
	for k := range b.schema.Inputs {
		in := &b.schema.Inputs[k]
		if e, ok := in.Encoder.(column.Baselined); ok {
			row := b.Floats[in.Block][i*b.schema.Blocks[in.Block].Size():]
			e.Baseline(row[in.Lo:in.Hi])
		}
	}
}

// ImagesAlone makes the images in row i of a batch of one value throughout: 0 is black, 255 white.
func (b *Batch) ImagesAlone(i int, value byte) {
	for k := range b.schema.Inputs {
		in := &b.schema.Inputs[k]
		e, ok := in.Encoder.(column.ImageEncoding)
		if !ok {
			continue
		}
		size := image.Volume(e.ImageShape())
		e.Fill(bytes.Repeat([]byte{value}, size), b.Floats[in.Block][i*size:(i+1)*size])
	}
}

// Spans shares an input's range out among its columns.
func (in *Input) Spans() []column.Span {
	if e, ok := in.Encoder.(column.Spanned); ok {
		if list := e.Spans(in.Name, in.Columns); list != nil {
			for i := range list {
				list[i].Lo += in.Lo
				list[i].Hi += in.Lo
			}
			return list
		}
	}
	whole, n := in.Hi-in.Lo, len(in.Columns)
	if whole%n != 0 { // an input whose columns cannot be separated
		return []column.Span{{Column: in.Name, Lo: in.Lo, Hi: in.Hi}}
	}
	var list []column.Span
	for i, name := range in.Columns {
		list = append(list, column.Span{Column: name, Lo: in.Lo + i*whole/n, Hi: in.Lo + (i+1)*whole/n})
	}
	return list
}
