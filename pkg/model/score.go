package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
)

// Rows that are scored or predicted at once: so many that threads have enough to do, but of large rows, such as pictures,
// only as many as have scoreNumbers numbers together; what a net makes of each takes many times as much memory. The figures
// do not depend on it but for the last bits of the loss.
const (
	scoreRows    = 256
	scoreNumbers = 1 << 22
)

// ScoreRows is the number of rows that are scored or predicted at once.
func (n *Network) ScoreRows() int {
	numbers := 1
	for i := range n.Schema.Blocks {
		numbers += n.Schema.Blocks[i].Size()
	}
	return max(1, min(scoreRows, scoreNumbers/numbers))
}

// Scores is what a model achieves on one part of the data.
type Scores struct {
	Rows      int
	Steps     int // of all rows, where each step has an answer
	Loss      float64
	Metrics   []metrics.Named
	Confusion *metrics.Confusion // nil unless the target has classes
	Baselines []Baseline         // of series; nil where there was nothing to compare with
}

// Get returns a figure by its name ("loss", "accuracy"), NaN when there is none of that name.
func (s *Scores) Get(name string) float64 {
	if name == "loss" {
		return s.Loss
	}
	for _, m := range s.Metrics {
		if m.Name == name {
			return m.Result.Value
		}
	}
	return math.NaN()
}

// MarshalJSON writes {"rows": …, "loss": …, "accuracy": …}, metrics under their names in the spec's order; where each step
// has an answer "steps" tells how many those are, and beside a forecast "baselines" what naive ones achieve.
func (s *Scores) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"rows":%d`, s.Rows)
	if s.Steps > 0 {
		fmt.Fprintf(&b, `,"steps":%d`, s.Steps)
	}
	fmt.Fprintf(&b, `,"loss":%s`, jsonNumber(s.Loss))
	for _, m := range s.Metrics {
		value, err := json.Marshal(m.Result)
		if err != nil {
			return nil, err
		}
		key, err := json.Marshal(m.Name)
		if err != nil {
			return nil, err
		}
		fmt.Fprintf(&b, `,%s:%s`, key, value)
	}
	if err := appendBaselines(&b, s.Baselines); err != nil {
		return nil, err
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// jsonNumber is null for what JSON has no number for.
func jsonNumber(x float64) string {
	if math.IsNaN(x) || math.IsInf(x, 0) {
		return "null"
	}
	text, _ := json.Marshal(x)
	return string(text)
}

// Scorer collects the scores of a whole part, batch by batch.
type Scorer struct {
	*Runner
	set        *metrics.Set
	confusion  *metrics.Confusion // nil for numbers
	base       *baselines         // nil unless the target is a series
	rows       int
	steps      int // of all rows, where each has an answer
	loss, mass float64
	pred       []float64
	truth      []float64
	weight     []float64
	class      []int
	lengths    []int // of the sequences of a batch
}

// NewScorer prepares to score with a runner that was made for scoring.
func NewScorer(r *Runner) *Scorer {
	s := &Scorer{Runner: r, set: metrics.NewSet(r.net.Config.Metrics, *r.net.head()), base: newBaselines(r.net)}
	if r.net.head().Kind != task.Number {
		s.confusion = metrics.NewConfusion(*r.net.head())
	}
	return s
}

// Add scores the rows in the runner's batch.
func (s *Scorer) Add() error {
	_, err := s.add()
	return err
}

func (s *Scorer) add() (m metrics.Batch, err error) {
	out, loss, mass, err := s.Run()
	if err != nil {
		return m, err
	}
	s.loss, s.mass, s.rows = s.loss+loss, s.mass+mass, s.rows+s.batch.Rows
	m = s.metricsBatch(out)
	s.set.Add(m)
	if s.confusion != nil {
		s.confusion.Add(m)
	}
	return m, nil
}

// metricsBatch turns a batch and its predictions into what the metrics take: classes as ints, numbers in their own unit.
func (s *Scorer) metricsBatch(out []float32) metrics.Batch {
	b, t := s.batch, &s.net.Schema.Target
	if s.net.head().Sequence() {
		return s.stepsBatch(out)
	}
	m := metrics.Batch{Rows: b.Rows}
	s.pred = s.net.Own(s.pred, out)
	m.Pred = s.pred
	switch {
	case t.Kind == "category":
		s.class = s.class[:0]
		for _, c := range b.Classes[:b.Rows] {
			s.class = append(s.class, int(c))
		}
		m.Class = s.class
	case t.Kind == "binary" && t.Width == 1:
		s.class = s.class[:0]
		for _, y := range b.Target[:b.Rows] {
			s.class = append(s.class, int(y))
		}
		m.Class = s.class
	default:
		s.truth = resize(s.truth, b.Rows*t.Width)
		t.Decode(s.truth, b.Target[:b.Rows*t.Width])
		m.Truth = s.truth
	}
	if s.net.Schema.Weight != "" {
		s.weight = resize(s.weight, b.Rows)
		for i, w := range b.Weight[:b.Rows] {
			s.weight[i] = float64(w)
		}
		m.Weight = s.weight
	}
	return m
}

// Own turns predictions into float64, numbers in the target's own unit; a yes-or-no answer given as two probabilities
// becomes the probability of yes. dst is reused when it is large enough.
func (n *Network) Own(dst []float64, out []float32) []float64 {
	t := &n.Schema.Target
	if t.Kind == "binary" && t.Width == 1 && n.twoOutputs() {
		dst = resize(dst, len(out)/2)
		for i := range dst {
			dst[i] = float64(out[2*i+1])
		}
		return dst
	}
	dst = resize(dst, len(out))
	if t.Kind == "number" {
		t.Decode(dst, out)
		return dst
	}
	for i, v := range out {
		dst[i] = float64(v)
	}
	return dst
}

// Result is the scores of all rows added so far.
func (s *Scorer) Result() *Scores {
	return &Scores{Rows: s.rows, Steps: s.steps, Loss: s.loss / s.mass, Metrics: s.set.Results(), Confusion: s.confusion, Baselines: s.base.results()}
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// ScorePart scores a whole part of the data. each, when not nil, sees every batch's predictions in own units and truth.
func ScorePart(r *Runner, part *dataset.Part, each func(m metrics.Batch)) (*Scores, error) {
	return scorePart(r, part, each, false)
}

// ComparePart is ScorePart which also scores naive forecasts of the same rows, where the target is a series.
func ComparePart(r *Runner, part *dataset.Part, each func(m metrics.Batch)) (*Scores, error) {
	return scorePart(r, part, each, true)
}

func scorePart(r *Runner, part *dataset.Part, each func(m metrics.Batch), compare bool) (*Scores, error) {
	s := NewScorer(r)
	rows := 0
	for from := 0; from < part.Rows(); from += rows {
		var err error
		if rows, err = part.FillFrom(r.batch, from, r.net.ScoreRows()); err != nil {
			return nil, err
		}
		m, err := s.add()
		if err != nil {
			return nil, err
		}
		if compare {
			s.Compare(func(season int, dst []float64) { part.Naive(from, season, dst) })
		}
		if each != nil {
			each(m)
		}
	}
	return s.Result(), nil
}

// twoOutputs reports whether a yes-or-no target is answered by two class probabilities instead of one.
func (n *Network) twoOutputs() bool { return n.outputs == 2 }
