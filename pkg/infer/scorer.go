package infer

import (
	"slices"

	"dnn/pkg/cluster"
	"dnn/pkg/dataset"
	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Scorer collects the scores of a whole split, batch by batch.
type Scorer struct {
	*Runner
	heads []*headScorer
	rows  int
	write func(row int) bool // whether texts are written for a row, where a head writes some
	stop  func() error       // asked before each batch and each step of a text; nil: never
	texts *Writer            // made when it is needed

	compares bool // whether there are baselines
}

// headScorer collects those of one head.
type headScorer struct {
	head       int
	set        *metrics.Set
	confusion  *metrics.Confusion // nil for numbers
	base       *baselines         // nil where there are none
	last       metrics.Batch      // that was scored
	steps      int                // of all rows, where each has a label
	loss, mass float64
	pred       []float64
	truth      []float64
	weight     []float64
	class      []int
	written    []Written
	lengths    []int // of the sequences of a batch
}

// NewScorer prepares to score with a runner that was made for scoring.
func NewScorer(r *Runner) *Scorer {
	s := &Scorer{Runner: r}
	if JudgesTexts(r.net) {
		s.write = func(int) bool { return true }
	}
	for k, h := range r.net.Heads {
		one := &headScorer{head: k, set: metrics.NewSet(r.net.Metrics(k), h)}
		if h.Kind != task.Number && !h.Text() { // a vocabulary is too large for a table
			one.confusion = metrics.NewConfusion(h)
		}
		s.heads = append(s.heads, one)
	}
	return s
}

// JudgesTexts reports whether any metric judges texts that the net writes.
func JudgesTexts(n *model.Network) bool {
	for k := range n.Heads {
		if slices.ContainsFunc(n.Metrics(k), func(m metrics.Metric) bool { return metrics.JudgesTexts(m, n.Heads[k]) }) {
			return true
		}
	}
	return false
}

// Add scores the rows in the runner's batch.
func (s *Scorer) Add() error { return s.add(nil) }

// add is Add with a look at the predictions and labels of each head.
func (s *Scorer) add(each func(head int, m metrics.Batch)) error {
	b, err := s.compute(s.rows)
	if err == nil {
		s.take(b, each)
	}
	return err
}

// seen is what is known of a batch whose net was run. It is good until the next is computed.
type seen struct {
	rows  int
	heads []seenHead
}

type seenHead struct {
	loss, mass float64
	steps      int           // of all rows, where each has a label
	batch      metrics.Batch // none of labels that are aligned with steps
	written    []Written
	weights    []float64 // of these rows; nil where all weigh the same
}

// texts are those to be judged.
func (h *seenHead) texts() (t metrics.Texts) {
	for _, w := range h.written {
		t.Predictions, t.References, t.Exact = append(t.Predictions, w.Text), append(t.References, w.References), append(t.Exact, w.Exact)
	}
	t.Weight = h.weights
	return t
}

// compute runs the rows in the runner's batch, the first of which has that number in the split.
func (s *Scorer) compute(first int) (*seen, error) {
	outs, err := s.Run()
	if err != nil {
		return nil, err
	}
	b := &seen{rows: s.batch.Rows, heads: make([]seenHead, len(s.heads))}
	for k, h := range s.heads {
		one := &b.heads[k]
		one.loss, one.mass = outs[k].Loss, outs[k].Weight
		if s.net.Heads[k].Aligned() {
			one.steps = h.countLabels(s.Runner)
		} else if one.batch = h.metricsBatch(s.Runner, outs[k].Prediction); s.net.Heads[k].Sequence() {
			one.steps = one.batch.Rows
		}
		if (s.net.Writes(k) || s.net.Heads[k].Aligned()) && s.write != nil {
			if err := s.writeTexts(one, k, first); err != nil {
				return nil, err
			}
		}
	}
	return b, nil
}

// take adds a batch that follows those before.
func (s *Scorer) take(b *seen, each func(head int, m metrics.Batch)) {
	for k, h := range s.heads {
		one := &b.heads[k]
		h.loss, h.mass, h.steps = h.loss+one.loss, h.mass+one.mass, h.steps+one.steps
		if !s.net.Heads[k].Aligned() {
			h.set.Add(one.batch)
		}
		h.last = one.batch
		if h.confusion != nil {
			h.confusion.Add(one.batch)
		}
		if each != nil {
			each(k, one.batch)
		}
		if len(one.written) > 0 {
			h.written = append(h.written, one.written...)
			h.set.AddTexts(one.texts())
		}
	}
	s.rows += b.rows
}

// writeTexts lets head k write the texts of the batch's rows that are asked for.
func (s *Scorer) writeTexts(one *seenHead, k, first int) error {
	var rows []int
	for i := range s.batch.Rows {
		if s.write(first + i) {
			rows = append(rows, i)
		}
	}
	if len(rows) == 0 {
		return nil
	}
	if s.texts == nil {
		var err error
		if s.texts, err = NewWriter(s.net, s.state, s.pool, nil); err != nil {
			return err
		}
		s.texts.StopWith(s.stop)
	}
	list, err := s.texts.Write(k, s.Runner, rows)
	if err != nil {
		return err
	}
	for _, w := range list {
		if s.net.Schema.Weight != "" {
			one.weights = append(one.weights, float64(s.batch.Weight[w.Row]))
		}
		w.Row += first
		one.written = append(one.written, w)
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
		m.Labels = s.truth
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

// countLabels counts the labels of a batch that are aligned with steps.
func (s *headScorer) countLabels(r *Runner) (n int) {
	for i := range r.batch.Rows {
		from, to := r.batch.LabelsOf(s.head, i)
		n += to - from
	}
	return n
}

// Result is the scores of all rows added so far.
func (s *Scorer) Result() *Scores {
	all := &Scores{Rows: s.rows}
	for k, h := range s.heads {
		one := HeadScores{Steps: h.steps, Loss: h.loss / h.mass, Metrics: h.set.Results(), Confusion: h.confusion, Written: h.written}
		one.Baselines = h.base.results(one.Metrics)
		if h.set.JudgesTexts() {
			one.Judged = len(h.written)
		}
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

// Scoring says how a split is scored.
type Scoring struct {
	// Each, when not nil, sees every batch's predictions, denormalized, and labels, head by head.
	Each func(head int, m metrics.Batch)
	// Compare also scores baselines: predictions of the same rows that need no net.
	Compare bool
	// Texts is for how many rows, spread evenly, heads write their texts; 0: for all, where a metric judges texts.
	Texts int
	// Write has texts written also where no metric judges them.
	Write bool
	// Stop, when not nil, is asked again and again; the scoring ends with its error.
	Stop func() error
	// Comm, when not nil, connects ranks that share the batches out. All get the scores, with the bits of a single one, and Each sees
	// all batches on each. Stop is asked on all ranks at the same points. They do not Compare.
	Comm cluster.Comm
}

// Score scores a whole split of the data.
func Score(r *Runner, part *dataset.Part, how Scoring) (*Scores, error) {
	s := NewScorer(r)
	s.stop = how.Stop
	if how.Write {
		s.write = func(int) bool { return true }
	}
	if all := part.Rows(); s.write != nil && how.Texts > 0 && how.Texts < all {
		s.write = func(row int) bool { return (row+1)*how.Texts/all > row*how.Texts/all }
	}
	if how.Comm != nil {
		return s.share(part, how)
	}
	rows := 0
	for from := 0; from < part.Rows(); from += rows {
		if s.stop != nil {
			if err := s.stop(); err != nil {
				return nil, err
			}
		}
		var err error
		if rows, err = part.FillFrom(r.batch, from, r.net.ScoreRows()); err != nil {
			return nil, err
		}
		if err := s.add(how.Each); err != nil {
			return nil, err
		}
		if how.Compare {
			s.Compare(func(season int, dst []float64) { part.Naive(from, season, dst) })
		}
	}
	return s.Result(), nil
}

// ScorePart is Score with a look at each batch.
func ScorePart(r *Runner, part *dataset.Part, each func(head int, m metrics.Batch)) (*Scores, error) {
	return Score(r, part, Scoring{Each: each})
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
	m := metrics.Batch{Rows: kept, Pred: s.pred[:kept*width], Class: s.class, Labels: s.truth, Steps: s.lengths}
	if r.net.Schema.Weight != "" {
		m.Weight = s.weight
	}
	return m
}
