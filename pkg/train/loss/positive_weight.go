package loss

import (
	"math"
	"slices"

	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// PositiveWeight is how many times as much a yes counts as a no: a number, a list with one for each label, or the word
// balanced, which is the label's noes divided by its yeses in the training split.
type PositiveWeight struct {
	Balanced bool
	Given    []float64
}

// UnmarshalSpec reads the word, the number or the list.
func (w *PositiveWeight) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok && n.IsString() {
		if w.Balanced = text == "balanced"; !w.Balanced {
			p.Add(n.Path, "want balanced, a number or a list of numbers, got %s%s", n.Describe(), spec.DidYouMean(text, []string{"balanced"}))
		}
		return
	}
	n.Into(&w.Given, p)
	for _, v := range w.Given {
		if !(v >= 0) || math.IsInf(v, 1) {
			p.Add(n.Path, "%v is out of range: want 0 or more", v)
		}
	}
}

// MarshalSpec writes what was given.
func (w PositiveWeight) MarshalSpec() any {
	switch {
	case w.Balanced:
		return "balanced"
	case len(w.Given) == 1:
		return w.Given[0]
	case w.Given != nil:
		return w.Given
	}
	return nil
}

// DescribeSpec says what the setting takes.
func (PositiveWeight) DescribeSpec() string { return "number | list of numbers | balanced" }

// check notes a list of the wrong length.
func (w PositiveWeight) check(t task.Head, p *spec.Problems) {
	if n := len(w.Given); n > 1 && n != t.Width {
		p.Add("loss.positive_weight", "has %d entries, but %s: want one for each label, or one number for all", n, what(t))
	}
}

// of returns the weight of each label, or one for all; nil when it is 1. A label without yeses has the weight 1.
func (w PositiveWeight) of(t task.Head) []float64 {
	if !w.Balanced {
		return w.Given
	}
	weights := slices.Clone(yeses(t))
	for i, yes := range weights {
		weights[i] = 1
		if yes > 0 {
			weights[i] = (t.Training.Rows - yes) / yes
		}
	}
	return weights
}
