package layers

import (
	"dnn/pkg/graph"
	"dnn/pkg/graph/op"
	"dnn/pkg/layers/initializer"
	"dnn/pkg/spec"
)

func init() {
	Registry.Register("embedding", "a learned vector for each category", &Embedding{})
}

// Embedding replaces each category index by a vector of its own, to which it may add one for the place in the sequence, since
// attention does not see the order of its input:
//
//	y = table[x], with positions y_t = table[x_t] + p_t
//
// p is that of the layer positions. The vectors are not multiplied by √size, as they are in the paper of the transformer.
//
// Shapes: category indices [] to [size], [n] to [n, size].
//
// Parameters: table [categories, size], unless it is that of another layer; the data knows the number of categories. With
// learned positions also positions [max steps, size]. By default the table is drawn
// from N(0, 0.1²), where PyTorch has N(0, 1): what a net tells apart by large random vectors in training it does not know again.
// Accuracy on the validation split for deviations of 1, 0.3, 0.1 and 0.05 (medians of three seeds):
//
//	films    mean of the words           .779  .804  .804  .809
//	         convolution of words        .747  .796  .796  .797
//	         transformer, sinusoidal     .76   .80   .81   (.81 with .03)
//	spam     mean of the words           .976  .980  .983  .984
//	         convolution of words        .980  .984  .985  .985
//	names    mean of the letters         .687  .671  .665  .663
//	         convolution of letters      .795  .795  .792  .785
//	         GRU of letters              .850        .838
//	diamonds three categories (R²)       .977  .979  .979
//
// Letters are few and each is seen often: there larger vectors learn a little faster, and `dnn init` writes them. Nets that learn for four times as long end
// closer together (.741, .730, .726 and .831, .828, .829).
//
// With from, the words that a file has vectors for begin with these, the others as drawn. A word must be written as its token
// is, also in its case. The file is read when a training begins and never after: the vectors are in the model. trainable: false
// keeps them as they are.
//
// Errors: an input of numbers; positions for a single index; more steps than learned positions; a layer in weights that has no
// table of that shape; a file that lacks, or vectors of another size.
//
// Source: Bengio et al. 2003, "A neural probabilistic language model", section 2; Vaswani et al. 2017, "Attention is all you
// need", section 3.5.
type Embedding struct {
	Size      int                     `required:"unless from" range:"[1,100000000]" doc:"length of the vectors; with from, that of those in the file" also:"embedding_dim|output_dim|units|dim|dimension|hidden_size|width"`
	Positions string                  `default:"none" oneof:"none|sinusoidal|learned" doc:"vectors of the places in the sequence that are added"`
	Weights   string                  `doc:"name of an embedding, or of a dense layer, whose table this one uses in place of its own (default: none)"`
	From      *Vectors                `doc:"file of vectors that words begin with, learned elsewhere: GloVe, word2vec or fastText text (.txt, .vec), .npy, .safetensors (default: none)"`
	Init      initializer.Initializer `default:"{type: normal, std: 0.1}" doc:"first values of the vectors"`
}

// CheckSpec expects vectors of a file for a table of its own.
func (l *Embedding) CheckSpec(path string, p *spec.Problems) {
	if l.From != nil && l.Weights != "" {
		p.Add(path+".from", "is for a table of the layer's own; give it to the layer %s, whose table this is", l.Weights)
	}
}

// Cases are examples of it.
func (*Embedding) Cases() []Case {
	return []Case{
		{Layer: "{type: embedding, size: 3}", In: []Input{indices("w", 7)}, Out: graph.Shape{3}, Trained: 21},
		{Layer: "{type: embedding, size: 2, init: orthogonal}", In: []Input{indices("w", 5, 3)}, Out: graph.Shape{3, 2}, Trained: 10},
		{Layer: "{type: embedding, size: 3, positions: sinusoidal}", In: []Input{indices("w", 7, 4)}, Out: graph.Shape{4, 3}, Trained: 21},
		{Layer: "{type: embedding, size: 2, positions: learned}", In: []Input{indices("w", 5, 3)}, Out: graph.Shape{3, 2}, Trained: 10 + 6},
		{Layer: "{type: embedding, size: 2, name: e}, {type: embedding, size: 2, weights: e, inputs: [w], name: f}, {type: add, inputs: [e, f]}",
			In: []Input{indices("w", 5, 3)}, Out: graph.Shape{3, 2}, Trained: 10},
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
	if l.Weights == "" {
		c.table = &Table{Param: c.Name + ".table", Words: ids.words, From: l.From}
	}
	table := c.matrix("table", l.Weights, graph.Shape{ids.Categories, l.Size}, l.Init, ids.Categories, l.Size)
	y := ids.With(op.Gather(c.B, table, ids.Value))
	if l.Positions != "none" {
		y.Value = positioned(c, y, l.Positions, l.Init)
	}
	return y
}
