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
	Rows  int
	Loss  float64 // of several heads, the weighted sum of theirs
	Heads []HeadScores
}

// HeadScores is what one head achieves.
type HeadScores struct {
	Name      string // of the target; "" for the only head
	Steps     int    // of all rows, where each step has a label
	Loss      float64
	Metrics   []metrics.Named
	Confusion *metrics.Confusion // nil unless the target has classes
	Baselines []Baseline         // of series; nil where there was nothing to compare with
}

// Figure is what a figure of the head is called among those of all heads.
func (h *HeadScores) Figure(name string) string {
	if h.Name == "" {
		return name
	}
	return h.Name + "_" + name
}

// Get returns a figure by its name ("loss", "accuracy", of several heads "species_accuracy"), NaN when there is none of that
// name.
func (s *Scores) Get(name string) float64 {
	if name == "loss" {
		return s.Loss
	}
	for i := range s.Heads {
		h := &s.Heads[i]
		if name == h.Figure("loss") {
			return h.Loss
		}
		for _, m := range h.Metrics {
			if h.Figure(m.Name) == name {
				return m.Result.Value
			}
		}
	}
	return math.NaN()
}

// MarshalJSON writes {"rows": …, "loss": …, "accuracy": …}, metrics under their names in the spec's order; where each step
// has a label "steps" tells how many those are, and beside a forecast "baselines" what naive ones achieve. Of several heads
// each has a loss and metrics of its own: "species_loss", "species_accuracy".
func (s *Scores) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	fmt.Fprintf(&b, `{"rows":%d`, s.Rows)
	if len(s.Heads) > 1 {
		fmt.Fprintf(&b, `,"loss":%s`, jsonNumber(s.Loss))
	}
	for i := range s.Heads {
		if err := s.Heads[i].appendJSON(&b); err != nil {
			return nil, err
		}
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// appendJSON appends the figures of a head.
func (h *HeadScores) appendJSON(b *bytes.Buffer) error {
	if h.Steps > 0 {
		fmt.Fprintf(b, `,%q:%d`, h.Figure("steps"), h.Steps)
	}
	fmt.Fprintf(b, `,%q:%s`, h.Figure("loss"), jsonNumber(h.Loss))
	for _, m := range h.Metrics {
		value, err := json.Marshal(m.Result)
		if err != nil {
			return err
		}
		key, err := json.Marshal(h.Figure(m.Name))
		if err != nil {
			return err
		}
		fmt.Fprintf(b, `,%s:%s`, key, value)
	}
	return appendBaselines(b, h.Figure("baselines"), h.Baselines)
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
	heads []*headScorer
	rows  int
}

// headScorer collects those of one head.
type headScorer struct {
	head       int
	set        *metrics.Set
	confusion  *metrics.Confusion // nil for numbers
	base       *baselines         // nil unless the target is a series
	steps      int                // of all rows, where each has a label
	loss, mass float64
	pred       []float64
	truth      []float64
	weight     []float64
	class      []int
	lengths    []int // of the sequences of a batch
}

// NewScorer prepares to score with a runner that was made for scoring.
func NewScorer(r *Runner) *Scorer {
	s := &Scorer{Runner: r}
	for k, h := range r.net.Heads {
		one := &headScorer{head: k, set: metrics.NewSet(r.net.Metrics(k), h), base: newBaselines(r.net, k)}
		if h.Kind != task.Number {
			one.confusion = metrics.NewConfusion(h)
		}
		s.heads = append(s.heads, one)
	}
	return s
}

// Add scores the rows in the runner's batch.
func (s *Scorer) Add() error { return s.add(nil) }

// add is Add with a look at the predictions and labels of each head.
func (s *Scorer) add(each func(head int, m metrics.Batch)) error {
	outs, err := s.Run()
	if err != nil {
		return err
	}
	s.rows += s.batch.Rows
	for k, h := range s.heads {
		h.loss, h.mass = h.loss+outs[k].Loss, h.mass+outs[k].Weight
		m := h.metricsBatch(s.Runner, outs[k].Prediction)
		h.set.Add(m)
		if h.confusion != nil {
			h.confusion.Add(m)
		}
		if each != nil {
			each(k, m)
		}
	}
	return nil
}

// metricsBatch turns a batch and its predictions into what the metrics take: classes as ints, numbers in their own unit.
func (s *headScorer) metricsBatch(r *Runner, out []float32) metrics.Batch {
	b, h := r.batch, &r.net.Heads[s.head]
	if h.Sequence() {
		return s.stepsBatch(r, out)
	}
	labels := b.Labels(s.head)
	m := metrics.Batch{Rows: b.Rows}
	s.pred = Denormalize(h, s.pred, out)
	m.Pred = s.pred
	switch h.Kind {
	case task.Category:
		s.class = s.class[:0]
		for _, c := range labels.Ints[:b.Rows] {
			s.class = append(s.class, int(c))
		}
		m.Class = s.class
	case task.Binary:
		s.class = s.class[:0]
		for _, y := range labels.Floats[:b.Rows] {
			s.class = append(s.class, int(y))
		}
		m.Class = s.class
	default:
		s.truth = Denormalize(h, s.truth, labels.Floats[:b.Rows*h.Width])
		m.Truth = s.truth
	}
	if r.net.Schema.Weight != "" {
		s.weight = resize(s.weight, b.Rows)
		for i, w := range b.Weight[:b.Rows] {
			s.weight[i] = float64(w)
		}
		m.Weight = s.weight
	}
	return m
}

// Denormalize turns predictions or labels of a head into float64, numbers in the target's own unit. dst is reused when it is
// large enough.
func Denormalize(h *task.Head, dst []float64, src []float32) []float64 {
	dst = resize(dst, len(src))
	for i, v := range src {
		dst[i] = float64(v)
		if h.Scaling != nil {
			dst[i] = h.Scaling.Denormalize(i%h.Width, dst[i])
		}
	}
	return dst
}

// Result is the scores of all rows added so far.
func (s *Scorer) Result() *Scores {
	all := &Scores{Rows: s.rows}
	for k, h := range s.heads {
		one := HeadScores{Steps: h.steps, Loss: h.loss / h.mass, Metrics: h.set.Results(), Confusion: h.confusion, Baselines: h.base.results()}
		if len(s.heads) > 1 {
			one.Name = s.net.Heads[k].Name
		}
		all.Heads = append(all.Heads, one)
		if _, weight := s.net.Loss(k); weight == 1 {
			all.Loss += one.Loss
		} else {
			all.Loss += float64(weight * one.Loss)
		}
	}
	return all
}

func resize[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// ScorePart scores a whole part of the data. each, when not nil, sees every batch's predictions in own units and labels, head
// by head.
func ScorePart(r *Runner, part *dataset.Part, each func(head int, m metrics.Batch)) (*Scores, error) {
	return scorePart(r, part, each, false)
}

// ComparePart is ScorePart which also scores naive forecasts of the same rows, where the target is a series.
func ComparePart(r *Runner, part *dataset.Part, each func(head int, m metrics.Batch)) (*Scores, error) {
	return scorePart(r, part, each, true)
}

func scorePart(r *Runner, part *dataset.Part, each func(head int, m metrics.Batch), compare bool) (*Scores, error) {
	s := NewScorer(r)
	rows := 0
	for from := 0; from < part.Rows(); from += rows {
		var err error
		if rows, err = part.FillFrom(r.batch, from, r.net.ScoreRows()); err != nil {
			return nil, err
		}
		if err := s.add(each); err != nil {
			return nil, err
		}
		if compare {
			s.Compare(func(season int, dst []float64) { part.Naive(from, season, dst) })
		}
	}
	return s.Result(), nil
}
