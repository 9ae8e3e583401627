package model

import (
	"fmt"
	"slices"
	"strings"

	"dnn/internal/phrase"
	"dnn/pkg/graph/pass"
	"dnn/pkg/graph/plan"
	"dnn/pkg/layers"
	"dnn/pkg/spec"
)

// MemorySettings say how much memory a training takes.
type MemorySettings struct {
	Precision *Precision        `doc:"what a training keeps as bf16, in half the memory; all arithmetic stays in float32, and the results change. The word bf16 alone is short for {activations: bf16, optimizer: bf16} (default: everything is float32)"`
	Recompute *layers.Recompute `doc:"layers whose values are not kept for the backward pass but computed again when it needs them, with the same bits: names or patterns as in freeze; of a repeat or a transformer, each block is computed again alone. auto chooses the layers that save most memory, or no more of them than memory needs (Chen et al. 2016, \"Training deep nets with sublinear memory cost\"; default: none)"`
	Memory    *spec.Bytes       `doc:"the most memory that a training step may take with weights, gradients, optimizer and the largest batch, such as 4GB or 512MiB; one that needs more is an error before the training starts (default: what the machine has)"`
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

// Footprint is the memory of a training step: as the spec says, and as it would be otherwise. What is the same is nil.
type Footprint struct {
	plan.Memory
	Float32 *plan.Memory `json:"float32,omitempty"`  // if everything were float32
	KeptAll *plan.Memory `json:"kept_all,omitempty"` // if nothing were computed again
}

// FootprintOf plans a training step with so many rows.
func FootprintOf(n *Network, batch int) (f Footprint, err error) {
	if f.Memory, err = stepMemory(n, batch); err != nil {
		return f, err
	}
	if n.Config.Train.Precision.storage().Changes() {
		plain, config := *n, *n.Config
		config.Train.Precision, plain.Config = nil, &config
		whole, err := stepMemory(&plain, batch)
		if err != nil {
			return f, err
		}
		f.Float32 = &whole
	}
	if len(n.segments) > 0 {
		plain := *n
		plain.segments = nil
		whole, err := stepMemory(&plain, batch)
		if err != nil {
			return f, err
		}
		f.KeptAll = &whole
	}
	return f, nil
}

func stepMemory(n *Network, batch int) (m plan.Memory, err error) {
	g, err := n.TrainGraph(n.TrainingShape(n.Config.Train.StepRows(batch)), largestRole(n))
	if err != nil {
		return m, err
	}
	p, err := plan.Make(g, plan.Options{})
	if err != nil {
		return m, err
	}
	return p.Memory(), nil
}

// largestRole is the role of the batches whose steps take most memory.
func largestRole(n *Network) Accumulation {
	if n.Config.Train.Accumulate > 1 {
		return Ending
	}
	return Alone
}

// checkRecompute notes patterns of train.recompute that match no layer, and a list of nothing but exceptions.
func checkRecompute(j *Job, infos []layers.Info, p *spec.Problems) {
	const path = "train.recompute"
	c := j.Config.Train.Recompute
	if c == nil {
		return
	}
	noteUnmatched(path, c.Layers, infos, []string{layers.AutoWord}, p)
	if len(c.Layers) > 0 && !slices.ContainsFunc(c.Layers, func(pattern string) bool { return !strings.HasPrefix(pattern, "!") }) {
		p.Add(path, `names only layers whose values are to be kept; ["*", %q] computes all others again`, c.Layers[0])
	}
}

// settleMemory chooses what a training computes again, and holds its memory against the budget. It returns what a user should know
// of the choice.
func settleMemory(j *Job, p *spec.Problems) (notes spec.Notes) {
	c, budget := &j.Config.Train, 0
	if c.Memory != nil {
		budget = c.Memory.N
	}
	if c.Recompute == nil && budget == 0 {
		return nil
	}
	batch := max(1, min(c.BatchSize, j.Data.Train.Rows()))
	step, err := j.TrainGraph(j.TrainingShape(c.StepRows(batch)), largestRole(&j.Network))
	if err != nil {
		p.Add("train", "%v", err)
		return nil
	}
	all := plan.NewSegmenting(step, lossScope, penaltyScope, optimizerScope)
	var chosen plan.Segments
	switch {
	case c.Recompute == nil:
	case c.Recompute.Auto:
		if chosen, err = all.Choose(budget); err != nil {
			p.Add("train.recompute", "%v", err)
			return nil
		}
		if len(chosen.Numbers) == 0 && budget == 0 {
			notes.Add("train.recompute", "auto: nothing is computed again, because that saves no memory in this net")
		}
	default:
		var units []string
		for _, u := range pass.Units(step) {
			units = append(units, u.Name)
		}
		chosen.Numbers = c.Recompute.Segments(units)
	}
	if j.segments = chosen.Numbers; budget > 0 {
		checkBudget(j, all, batch, p)
	}
	if c.Recompute != nil && len(c.Recompute.Layers) > 0 && !saves(j, batch) {
		notes.Warn("train.recompute", "computes the values of these layers again and saves no memory; auto finds the layers that save some")
	}
	return notes
}

// saves reports whether a step takes less memory than one that computes nothing again.
func saves(j *Job, batch int) bool {
	f, err := FootprintOf(&j.Network, batch)
	return err != nil || f.KeptAll != nil && f.Total() < f.KeptAll.Total()
}

// checkBudget notes a step that needs more memory than train.memory.
func checkBudget(j *Job, all *plan.Segmenting, batch int, p *spec.Problems) {
	m, err := stepMemory(&j.Network, batch)
	budget := j.Config.Train.Memory
	if err != nil || m.Total() <= budget.N {
		return
	}
	most, size := "the values of a step", m.Values
	if m.Optimizer > size {
		most, size = "what the optimizer keeps", m.Optimizer
	}
	if m.Weights > size {
		most, size = "the weights", m.Weights
	}
	var help []string
	if c := j.Config.Train.Recompute; c == nil || !c.Auto {
		if other, err := all.Choose(0); err == nil && other.Need < m.Total() {
			help = append(help, fmt.Sprintf("recompute: auto (%s)", inMemory(other.Need)))
		}
	}
	if batch > 1 {
		help = append(help, fmt.Sprintf("a batch_size below %d", batch))
	}
	if !j.Config.Train.Precision.storage().Changes() {
		help = append(help, "precision: bf16")
	}
	help = append(help, "a smaller net")
	p.Add("train.memory", "a training step with %s needs %s, more than %s; most are %s, %s. What helps: %s",
		phrase.Count(batch, "row"), inMemory(m.Total()), budget.Text, most, inMemory(size), phrase.List(help))
}

// inMemory is a size as people say it.
func inMemory(bytes int) string {
	for _, u := range []struct {
		size float64
		name string
	}{{1e9, "GB"}, {1e6, "MB"}} {
		if float64(bytes) >= u.size {
			return fmt.Sprintf("%.1f %s", float64(bytes)/u.size, u.name)
		}
	}
	return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
}
