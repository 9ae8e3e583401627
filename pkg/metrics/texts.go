package metrics

import (
	"fmt"

	"dnn/pkg/task"
)

// TextMetric is a metric of the texts that a net wrote.
type TextMetric interface {
	Metric
	// NewTexts returns an empty accumulator.
	NewTexts() TextAccumulator
}

// TextAccumulator takes rows of texts and gives the value of a metric over all rows so far. It is not safe for concurrent
// use.
type TextAccumulator interface {
	AddTexts(t Texts)
	Result() Result // may be asked for at any time, and more rows may follow
}

// signer is implemented by accumulators of metrics whose values are compared only together with a signature.
type signer interface{ signature() string }

// JudgesTexts reports whether a metric judges the texts that a net writes for a head: it is a TextMetric, and if it is a RowMetric
// too, the net predicts nothing for the steps of a text.
func JudgesTexts(m Metric, t task.Head) bool {
	_, texts := m.(TextMetric)
	_, rows := m.(RowMetric)
	return texts && (!rows || t.Aligned())
}

// Texts is some rows of texts that a net wrote, with what it should have written. Slices belong to the caller, and are not
// kept.
type Texts struct {
	Predictions []string
	References  [][]string // of each row one or several, any of which is right
	Weight      []float64  // nil, or one per row, not negative
	Exact       []bool     // of labels that are aligned with steps: whether the row's are right, all of them; else nil
}

// check panics when there is not a reference for each row: an internal error.
func (t Texts) check() {
	if len(t.References) != len(t.Predictions) || t.Weight != nil && len(t.Weight) != len(t.Predictions) {
		panic(fmt.Sprintf("metrics: %d texts have %d lists of references and %d weights", len(t.Predictions), len(t.References), len(t.Weight)))
	}
	for i, list := range t.References {
		if len(list) == 0 {
			panic(fmt.Sprintf("metrics: text %d of a batch has no reference", i))
		}
	}
}

// each calls f with each row and its weight.
func (t Texts) each(f func(prediction string, references []string, weight float64)) {
	t.check()
	for i, text := range t.Predictions {
		weight := 1.0
		if t.Weight != nil {
			weight = t.Weight[i]
		}
		f(text, t.References[i], weight)
	}
}

// perText is the accumulator of metrics that are the weighted mean of a value for each text, that of the reference which
// is best for it.
type perText struct {
	score func(prediction, reference string) float64
	total mean
}

// AddTexts scores the rows of a batch.
func (a *perText) AddTexts(t Texts) {
	t.each(func(prediction string, references []string, weight float64) {
		best := a.score(prediction, references[0])
		for _, r := range references[1:] {
			best = max(best, a.score(prediction, r))
		}
		a.total.add(best, weight)
	})
}

func (a *perText) Result() Result { return number(a.total.value()) }
