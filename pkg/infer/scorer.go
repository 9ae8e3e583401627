package infer

import (
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/task"
)

// Scorer collects the scores of a whole split, batch by batch.
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

// ScorePart scores a whole split of the data. each, when not nil, sees every batch's predictions in their own units and labels, head
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

// stepsBatch is metricsBatch for a head that predicts for each step: of the steps within the rows' lengths, one after the
// other.
func (s *headScorer) stepsBatch(r *Runner, out []float32) metrics.Batch {
	b, h := r.batch, &r.net.Heads[s.head]
	labels := b.Labels(s.head)
	s.pred = Denormalize(h, s.pred, out)
	width := h.Width
	s.lengths, s.class, s.truth, s.weight = s.lengths[:0], s.class[:0], s.truth[:0], s.weight[:0]
	kept := 0
	for i := range b.Rows {
		said, _ := r.Predictions(s.head, i)
		at, to := b.LabelsOf(s.head, i)
		s.lengths = append(s.lengths, to-at)
		for ; at < to; at++ {
			copy(s.pred[kept*width:(kept+1)*width], s.pred[said*width:]) // never before what was read
			kept, said = kept+1, said+1
			switch h.Kind {
			case task.Category:
				s.class = append(s.class, int(labels.Ints[at]))
			case task.Binary:
				s.class = append(s.class, int(labels.Floats[at]))
			default:
				for _, y := range labels.Floats[at*width : (at+1)*width] {
					s.truth = append(s.truth, float64(y))
				}
			}
			if r.net.Schema.Weight != "" {
				s.weight = append(s.weight, float64(b.Weight[i]))
			}
		}
	}
	s.steps += kept
	m := metrics.Batch{Rows: kept, Pred: s.pred[:kept*width], Class: s.class, Truth: s.truth, Steps: s.lengths}
	if r.net.Schema.Weight != "" {
		m.Weight = s.weight
	}
	return m
}
