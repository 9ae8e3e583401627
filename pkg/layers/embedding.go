package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
)

func init() {
	Registry.Register("embedding", "a learned vector for each category", &Embedding{})
}

// Embedding replaces each category index by a vector of its own:
//
//	y = table[x]
//
// Shapes: category indices [] to [size], [n] to [n, size].
//
// Parameters: table [categories, size]; the data knows the number of categories. By default it is drawn from N(0, 1), as
// in PyTorch: on the scale of normalized numbers, which often lie next to it.
//
// Errors: an input of numbers.
//
// Source: Bengio et al. 2003, "A neural probabilistic language model", section 2.
type Embedding struct {
	Size int                     `required:"true" range:"[1,100000000]" doc:"length of the vectors"`
	Init initializer.Initializer `default:"{type: normal, std: 1}" doc:"first values of the vectors"`
}

// Cases are examples of it.
func (*Embedding) Cases() []Case {
	return []Case{
		{Layer: "{type: embedding, size: 3}", In: []Input{indices("w", 7)}, Out: graph.Shape{3}, Trained: 21},
		{Layer: "{type: embedding, size: 2, init: orthogonal}", In: []Input{indices("w", 5, 3)}, Out: graph.Shape{3, 2}, Trained: 10},
	}
}

// Build looks up.
func (l *Embedding) Build(c *Context, in []Signal) Signal {
	c.Inputs(in, 1, 1)
	ids := in[0]
	if ids.Value.DType != graph.I32 || ids.Categories == 0 {
		as := "a dense layer takes"
		if len(ids.Shape()) > 1 {
			as = "recurrent layers and convolutions take"
		}
		c.Fail("", "takes the tokens of a text (type: text) or a category with encode: index; its input holds numbers, which %s as they are", as)
	}
	if l.Size == 0 {
		panic(failed{shapeUnknown}) // it is missing
	}
	table := c.Param("table", graph.Shape{ids.Categories, l.Size}, l.Init, ids.Categories, l.Size)
	return ids.With(op.Gather(c.B, table, ids.Value))
}
