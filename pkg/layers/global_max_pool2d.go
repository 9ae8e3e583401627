package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("global_max_pool2d", "the largest element of each channel of an image", &GlobalMaxPool2D{}).
		Also("global_max_pooling2d")
}

// GlobalMaxPool2D takes the largest element of each channel over all of its positions; the gradient goes to the first of
// equals.
//
// Shapes: [height, width, channels] to [channels].
//
// Errors: an input of another rank; category indices.
type GlobalMaxPool2D struct{ GlobalPooling }

// Cases are examples of it.
func (*GlobalMaxPool2D) Cases() []Case {
	return []Case{
		{Layer: "global_max_pool2d", In: []Input{floats("x", 3, 4, 5)}, Out: graph.Shape{5}},
	}
}

// Build takes the largest.
func (l *GlobalMaxPool2D) Build(c *Context, in []Signal) Signal { return globalMax(c, in, 2) }
