package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/spec"
)

// MultiHead is the settings of attention with several heads.
type MultiHead struct {
	Heads     int     `required:"true" range:"[1,10000]" doc:"attention heads, each with queries, keys and values of its own" also:"num_heads|nhead|n_heads|n_head"`
	KeyHeads  int     `default:"0" range:"[0,10000]" doc:"heads of keys and values, a divisor of heads: each serves several heads of queries, with 1 all of them; 0: as many as heads"`
	HeadSize  int     `default:"0" range:"[0,1000000]" doc:"features of a head; 0: the features of the queries divided by heads"`
	Window    int     `default:"0" range:"[0,100000000]" doc:"a step sees only steps less than so many away; 0: all"`
	Positions string  `default:"none" oneof:"none|rotary|alibi" doc:"how self-attention learns of distances: not at all, by queries and keys that turn with their places (rotary), or by a penalty that grows with the distance (alibi)"`
	Dropout   float64 `default:"0" range:"[0,1)" doc:"share of the attention weights set to zero in training; in the blocks of a transformer, of hidden units and of what each part adds, too"`
	Bias      bool    `default:"true" doc:"whether the projections have biases"`
}

// check expects heads that can be shared out.
func (l *MultiHead) check(path string, p *spec.Problems) {
	if l.KeyHeads > 0 && l.Heads%l.KeyHeads != 0 {
		p.Add(path+".key_heads", "%d heads of keys cannot serve %d heads of queries alike: want a divisor of heads", l.KeyHeads, l.Heads)
	}
}

// attention is one attention of a layer: where its parameters are, and what it sees.
type attention struct {
	*MultiHead
	prefix string // of the parameters' roles
	self   bool   // queries, keys and values are of one sequence
	causal bool
}

// attend projects queries, keys and values, lets each head attend, and projects what they give, laid side by side, to
// the width of the queries: [rows, m, n] for the queries [rows, m, n].
func (a *attention) attend(c *Context, queries, memory Signal) *graph.Value {
	n, heads, keyHeads, size := queries.Shape().Last(), max(1, a.Heads), a.KeyHeads, a.HeadSize
	if keyHeads == 0 {
		keyHeads = heads
	}
	switch {
	case heads%keyHeads != 0:
		panic(failed{certain}) // noted by CheckSpec
	case size == 0 && n%heads != 0:
		c.fail(widthUnknown, "heads", "%d heads do not divide the %d features of the queries; head_size gives heads another size", heads, n)
	case size == 0:
		size = n / heads
	}
	fanOut := 0 // of each matrix by itself
	if memory.Shape().Last() == n {
		fanOut = (heads + 2*keyHeads) * size // of the three as one, as PyTorch draws them
	}
	of := op.Attention{
		Q:     a.project(c, "query", queries.Value, heads*size, fanOut),
		K:     a.project(c, "key", memory.Value, keyHeads*size, fanOut),
		V:     a.project(c, "value", memory.Value, keyHeads*size, fanOut),
		Heads: heads, KeyHeads: keyHeads, Lengths: memory.Lengths, Causal: a.causal, Window: a.Window, ALiBi: a.self && a.Positions == "alibi",
	}
	looksBack := wholeMemory(c, memory, a.causal)
	if looksBack {
		of.Offset, of.Lengths = positionOf(c, queries.Rows()), nil // a step sees none that comes later
	}
	if a.self && a.Positions == "rotary" {
		if size%2 != 0 {
			c.fail(widthUnknown, "positions", "rotary positions turn pairs of features, and a head has %d", size)
		}
		of.Q, of.K = op.Rotary(c.B, of.Q, of.Offset, heads, 0), op.Rotary(c.B, of.K, of.Offset, keyHeads, 0)
	}
	if c.Training && a.Dropout > 0 {
		of.Step, of.Rate, of.Seed, of.Stream = c.Step(), float32(a.Dropout), c.Seed(), c.streamOf(a.prefix+"weights")
	}
	if looksBack {
		of.K, of.V = lookBack(c, a.prefix+"keys", of.K), lookBack(c, a.prefix+"values", of.V)
	}
	y := op.Attend(c.B, of)
	return linear(c, a.prefix+"output.", y, n, a.Bias, &initializer.FanInUniform{}, &initializer.Zeros{}, n)
}

// project makes queries, keys or values.
func (a *attention) project(c *Context, role string, x *graph.Value, width, fanOut int) *graph.Value {
	if fanOut == 0 {
		fanOut = width
	}
	return linear(c, a.prefix+role+".", x, width, a.Bias, &initializer.GlorotUniform{}, &initializer.Zeros{}, fanOut)
}

// linear is a dense layer within another: x·Wᵀ + b along the last axis.
func linear(c *Context, prefix string, x *graph.Value, units int, bias bool, weights, biases initializer.Initializer, fanOut int) *graph.Value {
	n := x.Shape.Last()
	y := product(c.B, x, c.Param(prefix+"weight", graph.Shape{units, n}, weights, n, fanOut))
	if bias {
		y = op.Add(c.B, y, c.Param(prefix+"bias", graph.Shape{units}, biases, n, units))
	}
	return ofRows(c.B, y, x.Shape)
}

// queriesAndMemory are the sequences that look and those that are looked at: of one input, both.
func queriesAndMemory(c *Context, in []Signal) (queries, memory Signal) {
	c.Inputs(in, 1, 2)
	for _, x := range in {
		features(c, x)
	}
	return in[0], in[len(in)-1]
}

// streamOf is the random stream of a part of the layer.
func (c *Context) streamOf(part string) uint64 { return Stream(c.Name + "." + part) }
