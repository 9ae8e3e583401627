package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("upsample2d", "a larger image, by copies or interpolation", &Upsample2D{}).
		Also("upsample", "upsampling2d")
}

// Upsample2D makes several positions of one: copies of it (nearest), or points between neighbours, one
// axis after the other (bilinear). Position p of the output lies at
//
//	(p + ½)/size - ½, but at least 0 and at most n-1
//
// of the input's n positions, as in PyTorch with align_corners=False.
//
// Shapes: [height, width, channels] to [size·height, size·width, channels].
//
// Errors: an input of another rank; an axis of too many positions; category indices.
type Upsample2D struct {
	Size   Axes   `default:"2" doc:"how many positions come of one: one number for all axes, or one for each"`
	Method string `default:"nearest" oneof:"nearest|bilinear" doc:"what the new positions are"`
}

// Cases are examples of it.
func (*Upsample2D) Cases() []Case {
	return []Case{
		{Layer: "upsample2d", In: []Input{floats("x", 3, 2, 2)}, Out: graph.Shape{6, 4, 2}},
		{Layer: "{type: upsample2d, size: [1, 3], method: bilinear}", In: []Input{floats("x", 2, 3, 2)}, Out: graph.Shape{2, 9, 2}},
	}
}

// CheckSpec expects one number for each axis.
func (l *Upsample2D) CheckSpec(path string, p *spec.Problems) {
	window{sizeKey: "size", size: l.Size}.check(path, 2, p)
}

// Build upsamples.
func (l *Upsample2D) Build(c *Context, in []Signal) Signal {
	return upsampled(c, in, l.Size, 2, l.Method == "bilinear")
}
