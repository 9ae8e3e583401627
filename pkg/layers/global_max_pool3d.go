package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("global_max_pool3d", "the largest element of each channel of a volume or a film", &GlobalMaxPool3D{})
}

// GlobalMaxPool3D takes the largest element of each channel over all of its positions; the gradient goes to the first of
// equals.
//
// Shapes: [depth, height, width, channels] to [channels].
//
// Errors: an input of another rank; category indices.
type GlobalMaxPool3D struct{ GlobalPooling }

// Cases are examples of it.
func (*GlobalMaxPool3D) Cases() []Case {
	return []Case{
		{Layer: "global_max_pool3d", In: []Input{floats("x", 2, 3, 2, 3)}, Out: graph.Shape{3}},
	}
}

// Build takes the largest.
func (l *GlobalMaxPool3D) Build(c *Context, in []Signal) Signal { return globalMax(c, in, 3) }
