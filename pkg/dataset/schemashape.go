package dataset

import (
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
)

// ImageInput returns the input that a net gets its images from when it has no other; nil else.
func (s *Schema) ImageInput() *Input {
	if len(s.Inputs) != 1 {
		return nil
	}
	e, ok := s.Inputs[0].Encoder.(column.ImageEncoding)
	if !ok || !OfFiles(e.ImageShape()) {
		return nil
	}
	return &s.Inputs[0]
}

// OfFiles reports whether image files can have a shape.
func OfFiles(shape []int) bool { return len(shape) == 3 && (shape[2] == 1 || shape[2] == 3) }

// IsImage reports whether the input holds images of shape [height, width, channels].
func (in *Input) IsImage() bool {
	e, ok := in.Encoder.(column.ImageEncoding)
	return ok && len(e.ImageShape()) == 3
}

// Image turns row i of a batch back into the bytes of an image, of the input's shape [height, width, channels]; nil
// when the input is no image.
func (in *Input) Image(b *Batch, i int) *image.Pixels {
	if !in.IsImage() {
		return nil
	}
	e := in.Encoder.(column.ImageEncoding)
	size := image.Volume(e.ImageShape())
	px := &image.Pixels{Shape: e.ImageShape(), Bytes: make([]byte, size)}
	for k, v := range b.Floats[in.Block][i*size : (i+1)*size] {
		px.Bytes[k] = e.Byte(k, v)
	}
	return px
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

// Arranged reports whether rows can only be encoded together with others.
func (s *Schema) Arranged() bool {
	return s.Heads.Horizon() > 0 || slices.ContainsFunc(s.Inputs, func(in Input) bool {
		e, ok := in.Encoder.(column.RowSteps)
		return ok && e.Where().Rows()
	})
}

// timing is how rows follow one another.
func (s *Schema) Order() table.Ordering {
	if s.Ordering == nil {
		return table.Ordering{}
	}
	return *s.Ordering
}

// TimeColumns are the columns that say how rows follow one another; needed without those that can do without.
func (s *Schema) TimeColumns(needed bool) (names []string) {
	t := s.Order()
	for _, name := range []string{t.Group, t.ID} {
		if name != "" {
			names = append(names, name)
		}
	}
	if needed && t.Found {
		return names
	}
	return append(names, t.TimeColumns()...)
}

// Stepwise reports whether a column may differ in the rows of an id.
func (s *Schema) Stepwise(col string, withTarget bool) bool {
	how := s.Order()
	if col == how.ID || col == how.OrderBy || slices.Contains(how.Parts, col) || (!withTarget || s.Heads.StepsOf() != "") && slices.Contains(s.LabelColumns.Sources(), col) {
		return true
	}
	return slices.ContainsFunc(s.Inputs, func(in Input) bool {
		_, series := in.Encoder.(column.RowSteps)
		return series && slices.Contains(in.Columns, col)
	})
}

// Images lists the inputs that hold images.
func (s *Schema) Images() (list []*Input) {
	for i := range s.Inputs {
		if s.Inputs[i].IsImage() {
			list = append(list, &s.Inputs[i])
		}
	}
	return list
}

// sameShapes notes images of a split that differ in shape from those of the training split, or of the training of a model.
func (l *resolver) sameShapes(r *resolved, t *table.Table, schema *Schema) {
	main, own := r.in(r.main), r.in(t)
	for i := range r.inputs {
		if len(own.inputs[i]) != 1 || own.inputs[i][0] == nil || own.inputs[i][0].IsText() {
			continue
		}
		if set := image.Of(own.inputs[i][0]).Set; set != nil {
			if cs := main.inputs[i]; t != r.main && len(cs) == 1 && cs[0] != nil && !cs[0].IsText() && image.Of(cs[0]).Set != nil {
				set.SetDepth(image.Of(cs[0]).Set.Depth())
			}
			if schema != nil && i < len(schema.Inputs) {
				if e, ok := schema.Inputs[i].Encoder.(column.ImageEncoding); ok {
					set.SetDepth(e.Decoding().Depth)
				}
			}
		}
		have, of := image.Of(own.inputs[i][0]).Shape, "those of the training split"
		var want []int
		if cs := main.inputs[i]; len(cs) == 1 && cs[0] != nil && !cs[0].IsText() {
			want = image.Of(cs[0]).Shape
		}
		if schema != nil && i < len(schema.Inputs) {
			if e, ok := schema.Inputs[i].Encoder.(column.ImageEncoding); ok {
				want, of = e.ImageShape(), "those that the model was trained on"
			}
		}
		if want != nil && !slices.Equal(have, want) {
			r.broken = true
			l.p.Add(root+"."+t.Key, "the images have the shape %v (height, width, channels), and %s %v", have, of, want)
		}
	}
}
