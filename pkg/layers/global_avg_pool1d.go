package layers

import "dnn/pkg/graph"

func init() {
	Registry.Register("global_avg_pool1d", "the mean of each channel of a sequence", &GlobalAvgPool1D{}).
		Also("global_average_pooling1d")
}

// GlobalAvgPool1D takes the mean of each channel over all of its positions.
//
// Shapes: [steps, channels] to [channels].
//
// Sequences of different lengths: only steps within a row's length take part; a row of none gives 0.
//
// Errors: an input of another rank; category indices.
//
// Source: Lin et al. 2014, "Network in network", section 3.2.
type GlobalAvgPool1D struct{ GlobalPooling }

// Cases are examples of it.
func (*GlobalAvgPool1D) Cases() []Case {
	return []Case{
		{Layer: "global_avg_pool1d", In: []Input{floats("x", 7, 3)}, Out: graph.Shape{3}},
	}
}

// Build averages.
func (l *GlobalAvgPool1D) Build(c *Context, in []Signal) Signal { return globalMean(c, in, 1) }
