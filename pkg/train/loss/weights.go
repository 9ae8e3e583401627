package loss

import (
	"maps"
	"math"
	"slices"

	"dnn/pkg/spec"
	"dnn/pkg/task"
)

// ClassWeights let rows of rare or dear classes count more: the word balanced, or a mapping of classes to weights in
// which absent classes weigh 1. Balanced weighs each class with rows/(classes·its rows), counted in the training split, as
// scikit-learn does.
type ClassWeights struct {
	Balanced bool
	Given    map[string]float64
}

// UnmarshalSpec reads the word or the mapping.
func (w *ClassWeights) UnmarshalSpec(n *spec.Node, p *spec.Problems) {
	if text, ok := n.Scalar(); ok {
		if w.Balanced = text == "balanced"; !w.Balanced {
			p.Add(n.Path, "want balanced or a mapping of classes to weights, got %s%s", n.Describe(), spec.DidYouMean(text, []string{"balanced"}))
		}
		return
	}
	n.Into(&w.Given, p)
	for _, class := range slices.Sorted(maps.Keys(w.Given)) {
		if v := w.Given[class]; !(v >= 0) || math.IsInf(v, 1) {
			p.Add(n.Path+"."+class, "%v is out of range: want 0 or more", v)
		}
	}
}

// MarshalSpec writes what was given.
func (w ClassWeights) MarshalSpec() any {
	switch {
	case w.Balanced:
		return "balanced"
	case w.Given != nil:
		return w.Given
	}
	return nil
}

// DescribeSpec says what the setting takes.
func (ClassWeights) DescribeSpec() string { return "balanced | mapping of classes to weights" }

// given reports whether there are any.
func (w ClassWeights) given() bool { return w.Balanced || w.Given != nil }

// check notes weights for classes that there are not.
func (w ClassWeights) check(t task.Head, p *spec.Problems) {
	names, _ := weighed(t)
	if len(names) == 0 { // the classes are not known
		return
	}
	for _, class := range slices.Sorted(maps.Keys(w.Given)) {
		if !slices.Contains(names, class) {
			p.AddKey("loss.class_weights."+class, "the target has no such class%s", p.DidYouMean(class, func() []string { return names }))
		}
	}
	if weights := w.of(t); len(weights) > 0 && slices.Max(weights) == 0 {
		p.Add("loss.class_weights", "no class is left with a weight above 0")
	}
}

// of returns the weight of each class (or label); nil when all weigh the same. A class without rows weighs 1.
func (w ClassWeights) of(t task.Head) []float64 {
	names, rows := weighed(t)
	if !w.given() || len(names) == 0 {
		return nil
	}
	total, present := 0.0, 0.0
	for _, n := range rows {
		total += n
		if n > 0 {
			present++
		}
	}
	weights := make([]float64, len(names))
	for i, name := range names {
		weights[i] = 1
		if v, ok := w.Given[name]; ok {
			weights[i] = v
		} else if w.Balanced && i < len(rows) && rows[i] > 0 {
			weights[i] = total / (present * rows[i])
		}
	}
	return weights
}
