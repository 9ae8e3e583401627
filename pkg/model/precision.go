package model

import (
	"slices"

	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
	"dnn/pkg/spec"
)

// MemorySettings say how much memory a training takes.
type MemorySettings struct {
	Precision *Precision `doc:"what a training keeps as bf16, in half the memory; all arithmetic stays in float32, and the results change. The word bf16 alone is short for {activations: bf16, optimizer: bf16} (default: everything is float32)"`
}

// Precision says what is kept as bf16 between the steps of a computation.
type Precision struct {
	Activations string `default:"float32" oneof:"float32|bf16" doc:"what the backward pass reads of the forward pass; the loss and statistics stay float32"`
	Optimizer   string `default:"float32" oneof:"float32|bf16" doc:"what the optimizer keeps for each weight, rounded at random to one of both neighbours, so that small changes are not lost"`
	Weights     string `default:"float32" oneof:"float32|bf16" doc:"the weights, rounded in the same way after each update, and in model files; there is no copy in float32"`
}

// The words of a precision.
const (
	float32Word = "float32"
	bf16        = "bf16"
)

type plainPrecision Precision

// otherPrecisions are words by which other programs know numbers of 16 bits.
var otherPrecisions = []string{"16", "16-mixed", "bf16-mixed", "bfloat16", "mixed_bfloat16", "fp16", "float16", "half", "mixed"}

// UnmarshalSpec reads a mapping, or one of the words.
func (c *Precision) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	word, ok := n.Scalar()
	switch {
	case !ok:
		n.Into((*plainPrecision)(c), p)
	case word == bf16:
		*c = Precision{Activations: bf16, Optimizer: bf16, Weights: float32Word}
	case word == float32Word:
		*c = Precision{Activations: float32Word, Optimizer: float32Word, Weights: float32Word}
	default:
		meant, hint := spec.Suggest(word, []string{float32Word, bf16}), ""
		if slices.Contains(otherPrecisions, word) {
			meant = bf16
		}
		if meant != "" {
			hint = " (did you mean " + meant + "?)"
		}
		p.Add(n.Path, "%q is not one of float32, bf16%s", word, hint)
	}
}

// DescribeSpec says what it is.
func (Precision) DescribeSpec() string { return "bf16 | mapping" }

// weights reports whether weights are kept as bf16.
func (c *Precision) weights() bool { return c != nil && c.Weights == bf16 }

// storage is the rewrite of training steps that it asks for.
func (c *Precision) storage() pass.Storage {
	s := pass.Storage{Keep: []string{lossScope, penaltyScope}}
	if c != nil {
		s.Weights, s.Slots, s.Activations = c.weights(), c.Optimizer == bf16, c.Activations == bf16
	}
	return s
}

// Footprint is the memory of a training step: as the spec says, and as it would be if everything were float32.
type Footprint struct {
	plan.Memory
	Float32 *plan.Memory `json:"float32,omitempty"` // nil where that is the same
}

// FootprintOf plans a training step with so many rows.
func FootprintOf(n *Network, batch int) (f Footprint, err error) {
	if f.Memory, err = stepMemory(n, batch); err != nil || !n.Config.Train.Precision.storage().Changes() {
		return f, err
	}
	plain, config := *n, *n.Config
	config.Train.Precision, plain.Config = nil, &config
	whole, err := stepMemory(&plain, batch)
	f.Float32 = &whole
	return f, err
}

func stepMemory(n *Network, batch int) (m plan.Memory, err error) {
	role := Alone
	if n.Config.Train.Accumulate > 1 {
		role = Ending
	}
	g, err := n.TrainGraph(n.TrainingShape(batch), role)
	if err != nil {
		return m, err
	}
	p, err := plan.Make(g, plan.Options{})
	if err != nil {
		return m, err
	}
	return p.Memory(), nil
}
