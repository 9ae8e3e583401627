package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("pool_sequence", "one vector of all steps of a sequence", &PoolSequence{}).
		Also("sequence_pool", "pooling")
}

// PoolSequence makes one vector of the steps of a sequence:
//
//   - mean, max: the mean or the largest element of each feature, as global_avg_pool1d and global_max_pool1d
//   - first, last: the first step, or the last one, as sequence_last
//   - attention: a mean with learned weights, as attention_pool with its defaults
//
// Steps beyond a row's length take no part.
//
// Shapes: [steps, n] to [n]; zeros for a row without steps.
//
// Parameters: with attention those of attention_pool: weight [n, n], bias [n], score.weight [1, n].
//
// Errors: an input whose rows are not [steps, features]; category indices.
type PoolSequence struct {
	Method string `default:"mean" oneof:"mean|max|first|last|attention" doc:"what is made of the steps"`
}

// Cases are examples of it.
func (*PoolSequence) Cases() []Case {
	return []Case{
		{Layer: "pool_sequence", In: []Input{sequences("x", 4, 2)}, Out: graph.Shape{2}},
		{Layer: "{type: pool_sequence, method: max}", In: []Input{sequences("x", 4, 2)}, Out: graph.Shape{2}},
		{Layer: "{type: pool_sequence, method: first}", In: []Input{sequences("x", 4, 3)}, Out: graph.Shape{3}},
		{Layer: "{type: pool_sequence, method: first}", In: []Input{floats("x", 4, 3)}, Out: graph.Shape{3}},
		{Layer: "{type: pool_sequence, method: last}", In: []Input{sequences("x", 4, 3)}, Out: graph.Shape{3}},
		{Layer: "{type: pool_sequence, method: attention}", In: []Input{sequences("x", 4, 2)}, Out: graph.Shape{2}, Trained: 8},
	}
}

// settle: all that is left is the features.
func (*PoolSequence) settle(in, _ unknown) unknown { return in & widthUnknown }

// Build pools.
func (l *PoolSequence) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	features(c, in[0])
	switch l.Method {
	case "max":
		return globalMax(c, in, 1)
	case "first":
		return Signal{Value: op.Reshape(c.B, op.Slice(c.B, masked(c, in[0]), 1, 0, 1), in[0].Rows(), -1)}
	case "last":
		return (&SequenceLast{}).Build(c, in)
	case "attention":
		pool := AttentionPool{WeightInit: &initializer.LecunUniform{}, BiasInit: &initializer.Zeros{}}
		return pool.Build(c, in)
	}
	return globalMean(c, in, 1)
}
