package dataset

import (
	"slices"

	"dnn/pkg/dataset/column"
	"dnn/pkg/dataset/image"
	"dnn/pkg/dataset/table"
)

// sameShapes notes pictures of a split that differ in shape from those of the training split, or of the training of a model.
func (l *resolver) sameShapes(r *resolved, t *table.Table, schema *Schema) {
	main, own := r.in(r.main), r.in(t)
	for i := range r.inputs {
		if len(own.inputs[i]) != 1 || own.inputs[i][0] == nil || own.inputs[i][0].IsText() {
			continue
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
			l.p.Add(root+"."+t.Key, "the pictures have the shape %v (height, width, channels), and %s %v", have, of, want)
		}
	}
}
