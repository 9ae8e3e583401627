package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("global_avg_pool3d", "the mean of each channel of a volume or a film", &GlobalAvgPool3D{})
}

// GlobalAvgPool3D takes the mean of each channel over all of its positions.
//
// Shapes: [depth, height, width, channels] to [channels].
//
// Errors: an input of another rank; category indices.
//
// Source: Lin et al. 2014, "Network in network", section 3.2.
type GlobalAvgPool3D struct{ GlobalPooling }

// Cases are examples of it.
func (*GlobalAvgPool3D) Cases() []Case {
	return []Case{
		{Layer: "global_avg_pool3d", In: []Input{floats("x", 2, 3, 2, 3)}, Out: graph.Shape{3}},
	}
}

// Build averages.
func (l *GlobalAvgPool3D) Build(c *Context, in []Signal) Signal { return globalMean(c, in, 3) }
