package layers

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("attention_pool", "a mean of the steps of a sequence with learned weights", &AttentionPool{}).
		Also("attention_pooling")
}

// AttentionPool makes one vector of a sequence: a mean of its steps, weighted by how much each matters.
//
//	s_t = v·tanh(W·x_t + b),  y = Σ_t softmax(s)_t·x_t
//
// Steps beyond a row's length weigh nothing.
//
// Shapes: [steps, n] to [n]; zeros for a row without steps.
//
// Parameters: weight [units, n], bias [units], score.weight [1, units].
//
// Errors: an input whose rows are not [steps, features]; category indices.
//
// Source: Yang et al. 2016, "Hierarchical attention networks for document classification", eq. 5 to 7.
type AttentionPool struct {
	Units      int                     `default:"0" range:"[0,100000000]" doc:"units of the hidden layer that rates the steps; 0: as many as features"`
	WeightInit initializer.Initializer `default:"lecun_uniform" doc:"first values of the weights"`
	BiasInit   initializer.Initializer `default:"zeros" doc:"first values of the biases"`
}

// Cases are examples of it.
func (*AttentionPool) Cases() []Case {
	return []Case{
		{Layer: "attention_pool", In: []Input{floats("x", 3, 2)}, Out: graph.Shape{2}, Trained: 4 + 2 + 2},
		{Layer: "{type: attention_pool, units: 3}", In: []Input{sequences("x", 4, 2)}, Out: graph.Shape{2}, Trained: 6 + 3 + 3},
	}
}

// Build weighs and sums.
func (l *AttentionPool) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	features(c, in[0])
	b, x := c.B, in[0].Value
	rows, steps, n, units := x.Shape[0], x.Shape[1], x.Shape[2], l.Units
	if units == 0 {
		units = n
	}
	u := product(b, x, c.Param("weight", graph.Shape{units, n}, l.WeightInit, n, units))
	u = op.Activate(b, op.Add(b, u, c.Param("bias", graph.Shape{units}, l.BiasInit, n, units)), vec.ActTanh, 0)
	scores := op.Reshape(b, product(b, u, c.Param("score.weight", graph.Shape{1, units}, l.WeightInit, units, 1)), rows, steps)
	var on *graph.Value
	if in[0].Lengths != nil {
		on = op.SequenceMask(b, in[0].Lengths, steps)
	}
	return Signal{Value: overSteps(b, maskedSoftmax(b, scores, on), x)}
}

// maskedSoftmax is the softmax of scores along the last axis, of those where on is 1, not 0, and 0 elsewhere; of all where on is
// nil.
func maskedSoftmax(b *graph.Builder, scores, on *graph.Value) *graph.Value {
	if on == nil {
		return op.Softmax(b, scores)
	}
	const far = 1e30 // e to the -far is 0
	scores = op.Add(b, op.Mul(b, scores, on), op.Scale(b, op.AddScalar(b, on, -1), far))
	return op.Mul(b, op.Softmax(b, scores), on)
}
