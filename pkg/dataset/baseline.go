package dataset

import (
	"bytes"

	"dnn/pkg/dataset/image"
)

// Baseline writes into row i of a batch a row that says as little as can be, for others to be compared with: numbers have
// what fills their gaps (by default the mean of the training part), or else zero on the scale they are learned on; words are
// none, and so are whole numbers; pictures are the mean of the training pictures where they are normalized by that
// (normalize: zscore), and black else.
func (s *Schema) Baseline(b *Batch, i int) {
	s.clear(b, i, i+1)
	for k := range s.Inputs {
		in := &s.Inputs[k]
		e, ok := in.Encoder.(*NumberEncoder)
		if !ok {
			continue
		}
		row := b.Floats[in.Block][i*s.Blocks[in.Block].Size():]
		for c := range e.Columns {
			if fill := e.Columns[c].Fill; fill != nil {
				if v, err := e.Columns[c].Scaling.apply(*fill); err == nil {
					row[in.Lo+c] = v
				}
			}
		}
	}
}

// PlainPictures makes the pictures in row i of a batch of one value throughout: 0 is black, 255 white.
func (s *Schema) PlainPictures(b *Batch, i int, value byte) {
	for k := range s.Inputs {
		in := &s.Inputs[k]
		e, ok := in.Encoder.(*ImageEncoder)
		if !ok {
			continue
		}
		size := image.Volume(e.Shape)
		e.Fill(bytes.Repeat([]byte{value}, size), b.Floats[in.Block][i*size:(i+1)*size])
	}
}

// Span is the range [Lo, Hi) of an input's block that one of its columns takes in a row.
type Span struct {
	Column string
	Lo, Hi int
}

// Spans shares an input's range out among its columns.
func (in *Input) Spans() []Span {
	if e, ok := in.Encoder.(*SeriesEncoder); ok {
		return e.spans(in)
	}
	sizes := make([]int, len(in.Columns))
	whole := in.Hi - in.Lo
	e, words := in.Encoder.(*CategoryEncoder)
	for i := range sizes {
		if words && !e.Index && len(e.Columns) == len(sizes) {
			sizes[i] = e.Columns[i].size()
		} else if whole%len(sizes) == 0 {
			sizes[i] = whole / len(sizes)
		}
	}
	var list []Span
	at := in.Lo
	for i, n := range sizes {
		list = append(list, Span{in.Columns[i], at, at + n})
		at += n
	}
	if at != in.Hi { // an input whose columns cannot be told apart
		return []Span{{in.Name, in.Lo, in.Hi}}
	}
	return list
}
