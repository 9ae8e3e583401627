package layers

import (
	"dnn/internal/kernel/vec"
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("attention", "each step as a mean of steps that match it", &Attention{}).
		Also("dot_product_attention", "additive_attention", "luong_attention", "bahdanau_attention")
}

// Attention lets each step look at the steps of a sequence: its own (one input), or another one (two: queries, then keys and
// values, which are the same). What it gives for a step q is a mean of the steps k_t, weighted by how well they match:
//
//	y = Σ_t softmax(s)_t·k_t
//	dot:       s_t = q·k_t
//	general:   s_t = q·Wᵀ·k_t
//	additive:  s_t = v·tanh(W·q + U·k_t)
//
// Scores of dot and general are divided by √n', the features of k, unless scaled: false. kind: dot becomes general where q and
// k have different widths. Steps beyond the length of a row are not seen; a step that sees none gets zeros.
//
// Shapes: [m, n] and, if there are two inputs, [k, n'], to [m, n']; m and k may differ.
//
// Parameters: dot none; general query.weight [n', n]; additive query.weight [units, n], key.weight [units, n'] and
// score.weight [1, units].
//
// Errors: inputs whose rows are not [steps, features]; causal with two inputs; dropout of additive attention; category indices.
//
// Source: Luong et al. 2015, "Effective approaches to attention-based neural machine translation", eq. 8 (dot, general);
// Bahdanau et al. 2015, "Neural machine translation by jointly learning to align and translate", section A.1.2 (additive);
// Vaswani et al. 2017, "Attention is all you need", eq. 1 (scaled).
type Attention struct {
	Kind       string                  `default:"dot" oneof:"dot|general|additive" doc:"how well two steps match"`
	Scaled     bool                    `default:"true" doc:"whether scores are divided by the root of the features of the keys; additive ones never are"`
	Units      int                     `default:"0" range:"[0,100000000]" doc:"units of additive attention; 0: as many as features of the keys"`
	Causal     bool                    `default:"false" doc:"whether a step sees only itself and those before it"`
	Dropout    float64                 `default:"0" range:"[0,1)" doc:"share of the attention weights set to zero in training; not of additive attention"`
	WeightInit initializer.Initializer `default:"glorot_uniform" doc:"first values of the weights"`
}

// Cases are examples of it.
func (*Attention) Cases() []Case {
	return []Case{
		{Layer: "attention", In: []Input{sequences("x", 4, 2)}, Out: graph.Shape{4, 2}},
		{Layer: "{type: attention, inputs: [x, z], dropout: 0.3}", In: []Input{sequences("x", 3, 2), sequences("z", 4, 3)}, Out: graph.Shape{3, 3}, Trained: 6},
		{Layer: "{type: attention, kind: general, scaled: false, causal: true}", In: []Input{floats("x", 4, 2)}, Out: graph.Shape{4, 2}, Trained: 4},
		{Layer: "{type: attention, kind: additive, units: 5, inputs: [x, z]}",
			In: []Input{floats("x", 3, 2), sequences("z", 4, 3)}, Out: graph.Shape{3, 3}, Trained: 10 + 15 + 5},
		{Layer: "{type: attention, kind: additive, causal: true}", In: []Input{sequences("x", 3, 2)}, Out: graph.Shape{3, 2}, Trained: 4 + 4 + 2},
	}
}

// CheckSpec refuses settings that the kind does not have.
func (l *Attention) CheckSpec(path string, p *spec.Problems) {
	if l.Kind == "additive" && l.Dropout > 0 {
		p.Add(path+".dropout", "additive attention has none; put a dropout layer behind it")
	}
}

// Build attends.
func (l *Attention) Build(c *Context, in []Signal) Signal {
	queries, memory := queriesAndMemory(c, in)
	if l.Causal && len(in) == 2 {
		c.Fail("causal", "is for a sequence that looks at itself; the steps of a second input are neither before nor behind those of the first")
	}
	looksBack := wholeMemory(c, memory, l.Causal)
	if l.Kind == "additive" {
		if looksBack {
			c.Fail("kind", "additive attention does not look back at earlier chunks of a sequence; kind: general does")
		}
		return queries.With(l.additive(c, queries, memory))
	}
	q, n, wide := queries.Value, queries.Shape().Last(), memory.Shape().Last()
	if l.Kind == "general" || n != wide {
		q = linear(c, "query.", q, wide, false, l.WeightInit, nil, wide)
	}
	of := op.Attention{Q: q, K: memory.Value, V: memory.Value, Heads: 1, KeyHeads: 1, Lengths: memory.Lengths, Causal: l.Causal}
	if !l.Scaled {
		of.Scale = 1
	}
	if c.Training && l.Dropout > 0 {
		of.Step, of.Rate, of.Seed, of.Stream = c.Step(), float32(l.Dropout), c.Seed(), c.Stream()
	}
	if looksBack {
		of.K = lookBack(c, "keys", of.K)
		of.V, of.Offset, of.Lengths = of.K, positionOf(c, queries.Rows()), nil // a step sees none that comes later
	}
	return queries.With(op.Attend(c.B, of))
}

// additive is the mean of the steps of memory with additive scores.
func (l *Attention) additive(c *Context, queries, memory Signal) *graph.Value {
	b, wide, units := c.B, memory.Shape().Last(), l.Units
	if units == 0 {
		units = wide
	}
	rows, m, k := queries.Rows(), queries.Shape()[0], memory.Shape()[0]
	q := op.Reshape(b, linear(c, "query.", queries.Value, units, false, l.WeightInit, nil, units), rows, m, 1, units)
	u := op.Reshape(b, linear(c, "key.", memory.Value, units, false, l.WeightInit, nil, units), rows, 1, k, units)
	u = op.Activate(b, op.Add(b, q, u), vec.ActTanh, 0)
	scores := op.Reshape(b, product(b, u, c.Param("score.weight", graph.Shape{1, units}, l.WeightInit, units, 1)), rows, m, k)
	return op.MatMul(b, l.shares(c, scores, memory), memory.Value, false, false)
}

// shares are the softmax of scores [rows, m, k] over the steps of memory that are seen.
func (l *Attention) shares(c *Context, scores *graph.Value, memory Signal) *graph.Value {
	b, rows, m, k := c.B, scores.Shape[0], scores.Shape[1], scores.Shape[2]
	var on *graph.Value
	if memory.Lengths != nil {
		on = op.Reshape(b, op.SequenceMask(b, memory.Lengths, k), rows, 1, k)
	}
	if l.Causal {
		past := c.Const(graph.Shape{1, m, k}, func() []float32 {
			before := make([]float32, m*k)
			for i := range m {
				for t := range min(i+1, k) {
					before[i*k+t] = 1
				}
			}
			return before
		})
		if on == nil {
			on = past
		} else {
			on = op.Mul(b, on, past)
		}
	}
	return maskedSoftmax(b, scores, on)
}
