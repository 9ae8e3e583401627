package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("global_avg_pool2d", "the mean of each channel of an image", &GlobalAvgPool2D{}).
		Also("global_average_pooling2d", "gap")
}

// GlobalAvgPool2D takes the mean of each channel over all of its positions.
//
// Shapes: [height, width, channels] to [channels].
//
// Errors: an input of another rank; category indices.
//
// Source: Lin et al. 2014, "Network in network", section 3.2.
type GlobalAvgPool2D struct{ GlobalPooling }

// Cases are examples of it.
func (*GlobalAvgPool2D) Cases() []Case {
	return []Case{
		{Layer: "global_avg_pool2d", In: []Input{floats("x", 3, 4, 5)}, Out: graph.Shape{5}},
	}
}

// Build averages.
func (l *GlobalAvgPool2D) Build(c *Context, in []Signal) Signal { return globalMean(c, in, 2) }
