package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("patches", "the squares of an image as the steps of a sequence", &Patches{}).
		Also("patch_embedding", "unfold")
}

// Patches cuts an image into rectangles of one size and makes each a step, line by line: the beginning of a vision
// transformer, where a dense layer then makes a vector of each.
//
// Shapes: [height, width, channels] to [n, size·size·channels], where n = height/size · width/size; within a step, pixels
// follow one another line by line, and their channels run fastest. The weights [units, size·size·channels] of the dense layer
// are those of a convolution with that kernel and stride, [units, channels, size, size], with its channels laid last.
//
// Errors: an input of another rank; a size that does not divide height and width; sequences of different lengths; category
// indices.
//
// Source: Dosovitskiy et al. 2021, "An image is worth 16x16 words: transformers for image recognition at scale", eq. 1.
type Patches struct {
	Size Axes `required:"true" doc:"height and width of a patch: one number for both, or one for each"`
}

// Cases are examples of it.
func (*Patches) Cases() []Case {
	return []Case{
		{Layer: "{type: patches, size: 2}", In: []Input{floats("x", 4, 6, 1)}, Out: graph.Shape{6, 4}},
		{Layer: "{type: patches, size: [1, 3]}", In: []Input{floats("x", 2, 6, 2)}, Out: graph.Shape{4, 6}},
	}
}

// CheckSpec expects one number for each axis.
func (l *Patches) CheckSpec(path string, p *spec.Problems) {
	window{sizeKey: "size", size: l.Size}.check(path, 2, p)
}

// settle: nothing that is unknown of the image is known of its patches.
func (*Patches) settle(in, _ unknown) unknown {
	if in&shapeUnknown != certain {
		in |= shapeUnknown
	}
	return in
}

// Build cuts.
func (l *Patches) Build(c *Context, in []Signal) Signal {
	x := wholeSteps(c, in, 2, window{sizeKey: "size", size: l.Size}, "cut into patches")
	image, rows, size := x.Shape(), x.Rows(), each(l.Size, 2)
	for ax, n := range size {
		if image[ax]%n != 0 {
			c.Fail("size", "patches of %s do not divide an image of %s; a resize in the dataset brings it to a size that they do", by(l.Size), by(image[:2]))
		}
	}
	high, wide, channels := image[0]/size[0], image[1]/size[1], image[2]
	y := op.Reshape(c.B, x.Value, rows, high, size[0], wide, size[1]*channels)
	y = op.Transpose(c.B, y, 0, 1, 3, 2, 4)
	return Signal{Value: op.Reshape(c.B, y, rows, high*wide, size[0]*size[1]*channels)}
}
