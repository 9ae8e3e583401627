// Package layers turns the layers of a spec into graph nodes. Each kind is one file: its settings and how it is built from
// ops; never a gradient, never a kernel.
package layers

import (
	"fmt"
	"slices"

	"dnn/internal/registry"
	"dnn/pkg/graph"
	"dnn/pkg/layers/activation"
	"dnn/pkg/spec"
)

// Layer is the settings of one layer kind.
type Layer interface {
	// Build adds the layer's nodes and returns its output. It reports settings and shapes that do not fit with
	// Context.Fail, which does not return.
	Build(c *Context, in []Signal) Signal
	// Cases are examples of the kind.
	Cases() []Case
}

// Registry holds every layer kind.
var Registry = registry.New[Layer]("layer")

func init() { spec.RegisterKinds(Registry, spec.KindOptions{Unknown: unknownLayer}) }

// unknownLayer says of an activation how it is written.
func unknownLayer(word string) string {
	if _, ok := activation.Registry.Get(word); !ok {
		return ""
	}
	tail := fmt.Sprintf("; it is an activation: give it to a layer (activation: %s), or write {type: activation, function: %s}", word, word)
	if word == "softmax" || word == "sigmoid" {
		tail += ". As the last layer leave it out: the loss applies it"
	}
	return tail
}

// Entry is one item of a list of layers: a kind and what every layer may have.
type Entry struct {
	Kind      Layer    `spec:"type,inline"`
	Name      string   `doc:"name by which the inputs of other layers refer to it (default: none; messages and tensors then call it by its kind and a number, dense_1)"`
	Inputs    []string `doc:"names of layers or dataset inputs that feed it, or NAME.h and the like for a layer's further outputs; default: the layer before, or the dataset's inputs"`
	Head      string   `scalar:"any" doc:"target that the layer's output is for, in a net with several targets: each has a layer of its own (default: none; with one target the last layer's output is its)"`
	Trainable bool     `default:"true" doc:"false keeps the layer's parameters as they are"`
	Rate      float64  `spec:"learning_rate_factor" default:"1" range:"[0,)" doc:"multiplies the learning rate for this layer"`
	L1        float64  `spec:"l1" default:"0" range:"[0,)" doc:"weight of the penalty Σ|w| over the layer's weights (not biases)"`
	L2        float64  `spec:"l2" default:"0" range:"[0,)" doc:"weight of the penalty Σw² over the layer's weights (not biases)"`
}

// Signal is what flows between layers.
type Signal struct {
	Value *graph.Value // [batch, ...]
	// Lengths is the number of valid steps of each row's sequence, int32 [batch]; nil when all are valid.
	Lengths *graph.Value
	// Categories is the number of different values of an integer input; an embedding makes a table of that many rows.
	Categories int
	words      func() []string // of the categories
	inferred   string          // why an input of the data has its type, where that was inferred
	shared     bool            // whether they are the tokens of the texts that the net writes
	bound      bound
	unknown    unknown
	joined     *joined // nil unless a layer before made one list of the axes of a row
}

// Shape is the signal's shape without the batch axis.
func (s Signal) Shape() graph.Shape { return s.Value.Shape[1:] }

// Rows is the extent of the batch axis.
func (s Signal) Rows() int { return s.Value.Shape[0] }

// With is the same signal with another value: what it says of lengths is kept.
func (s Signal) With(v *graph.Value) Signal {
	s.Value, s.Categories, s.words, s.shared, s.inferred = v, 0, nil, false, ""
	return s
}

// Known tells what of the signal's shape is as it would be without the mistakes noted already: its last extent, and all
// of it. What does not fit the rest is not worth reporting.
func (s Signal) Known() (width, all bool) { return s.unknown&widthUnknown == 0, s.unknown == certain }

// Sizes are the extents that the data knows.
type Sizes struct {
	Classes, Targets, Vocabulary int // 0: the data has none
	// Known is false when it is not known what the target is; then no size is reported as missing.
	Known bool
	// Several says that the targets of a net have different sizes of a sort, so that a layer must tell which it means.
	Several bool
	// Because says why the target was inferred; "" where the spec says it.
	Because string
}

// Unsettled is a size that the data has, but which a mistake keeps from being known.
const Unsettled = -1

// hint says what the data has instead of a size that it does not have.
func (s Sizes) hint(key string) string {
	switch {
	case s.Several:
		return "; the targets differ in it, so the word is for a layer that says which one it is for (head: NAME)"
	case s.Classes == Unsettled:
		return fmt.Sprintf("; it has classes (%s: classes)", key)
	case s.Classes > 0:
		return fmt.Sprintf("; it has %d classes (%s: classes)", s.Classes, key)
	case s.Targets == 1:
		return fmt.Sprintf("; it is one number (%s: targets)%s", key, s.Because)
	case s.Targets > 0:
		return fmt.Sprintf("; it is %d numbers (%s: targets)", s.Targets, key)
	}
	return ""
}

// Size is an extent written as a number or as one of the words classes, targets and vocabulary.
type Size struct {
	N    int
	Word string
}

// maxExtent is the largest extent that a layer may give an axis: far beyond any use, and sizes of two still are numbers.
const maxExtent = 100_000_000

// unknownWord stands in a size that was not understood.
const unknownWord = "?"

var sizeWords = []string{"classes", "targets", "vocabulary"}

// UnmarshalSpec reads a whole number of at least 1 or one of the words.
func (s *Size) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok && n.IsString() {
		if slices.Contains(sizeWords, text) {
			s.N, s.Word = 0, text
			return
		}
		p.Add(n.Path, "want a whole number or one of classes, targets, vocabulary, got %q%s", text, spec.DidYouMean(text, sizeWords))
		s.N, s.Word = 0, unknownWord
		return
	}
	before := p.Len()
	s.Word = "" // that of a default
	n.Into(&s.N, p)
	if p.Len() == before && (s.N < 1 || s.N > maxExtent) {
		p.Add(n.Path, "%d is out of range: want 1 to %d", s.N, maxExtent)
	}
	if p.Len() > before {
		s.N, s.Word = 0, unknownWord
	}
}

// MarshalSpec writes the size as it was given.
func (s Size) MarshalSpec() any {
	if s.Word != "" {
		return s.Word
	}
	return s.N
}

// DescribeSpec says what a size looks like.
func (*Size) DescribeSpec() string { return "whole number | classes | targets | vocabulary" }
