package model

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"

	"dnn/internal/parallel"
	"dnn/pkg/dataset"
	"dnn/pkg/graph"
	"dnn/pkg/graph/exec"
	"dnn/pkg/metrics"
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

// Runner runs a net in evaluation on batches of rows, with programs compiled once for each size of batch.
type Runner struct {
	net      *Network
	state    *exec.State
	pool     *parallel.Pool
	scoring  bool
	programs map[Extent]*exec.Program
	batch    *dataset.Batch
	out      []float32 // of sequences that come in stretches
}

// NewRunner prepares to predict, or to score when truth will be at hand. Where the state has a moving average of the
// weights, that is used in their place.
func NewRunner(net *Network, state *exec.State, pool *parallel.Pool, scoring bool) *Runner {
	return &Runner{net: net, state: state, pool: pool, scoring: scoring, programs: map[Extent]*exec.Program{}, batch: net.Schema.NewBatch(net.ScoreRows())}
}

// Batch is the buffer to fill with up to the net's ScoreRows before Run.
func (r *Runner) Batch() *dataset.Batch { return r.batch }

// Run computes the batch and returns predictions [rows, width] and, when scoring, the loss and its weight. Where each step
// has an answer, predictions are [rows·steps, width].
func (r *Runner) Run() (prediction []float32, loss, weight float64, err error) {
	if r.net.Config.Train.Stateful {
		return r.runStretches()
	}
	p, err := r.program(ExtentOf(r.batch))
	if err != nil {
		return nil, 0, 0, err
	}
	r.net.Feed(p, r.batch)
	p.Run()
	if r.scoring {
		loss, weight = float64(p.Output(OutLoss).F[0]), float64(p.Output(OutLossWeight).F[0])
	}
	return p.Output(OutPrediction).F, loss, weight, nil
}

func (r *Runner) program(e Extent) (*exec.Program, error) {
	if p := r.programs[e]; p != nil {
		return p, nil
	}
	make := r.net.PredictGraph
	if r.scoring {
		make = r.net.ScoreGraph
	}
	g, err := make(e)
	if err != nil {
		return nil, err
	}
	var o exec.Options
	if r.state.Data(varAverage) != nil {
		o.Bind = map[string]string{weightsName: varAverage}
	}
	p, err := exec.Compile(g, r.state, r.pool, o)
	if err != nil {
		return nil, err
	}
	r.programs[e] = p
	return p, nil
}

// BatchOf returns a batch that lies in the inputs of a program compiled for that extent: filling it feeds the program,
// with nothing to copy. What the program does not read lies beside it.
func (n *Network) BatchOf(p *exec.Program, e Extent) *dataset.Batch {
	b := n.Schema.NewBatch(e.Rows)
	e.size(n.Schema, b)
	for i := range n.Schema.Blocks {
		if name := feedBlock + n.Schema.Blocks[i].Name; p.HasFeed(name) {
			feed := p.Feed(name)
			b.Floats[i], b.Ints[i] = feed.F, feed.I
		}
		if name := feedLengths + n.Schema.Blocks[i].Name; p.HasFeed(name) {
			b.Lengths[i] = p.Feed(name).I
		}
	}
	if p.HasFeed(FeedTarget) {
		feed := p.Feed(FeedTarget)
		b.Target, b.Classes = feed.F, feed.I
	}
	if p.HasFeed(FeedShare) {
		second := p.Feed(FeedSecond)
		b.SecondTarget, b.SecondClasses, b.Share = second.F, second.I, p.Feed(FeedShare).F
	}
	if p.HasFeed(FeedBase) {
		b.Base = p.Feed(FeedBase).F
	}
	if p.HasFeed(FeedWeight) {
		b.Weight = p.Feed(FeedWeight).F
	}
	return b
}

// Feed copies a batch into the inputs of a program compiled for exactly its extent; of sequences that come in stretches, the
// first.
func (n *Network) Feed(p *exec.Program, b *dataset.Batch) {
	if n.Config.Train.Stateful {
		n.FeedStretch(p, b, 0)
		return
	}
	n.feedRows(p, b)
	for i := range n.Schema.Blocks {
		name := n.Schema.Blocks[i].Name
		if n.Schema.Blocks[i].Sequence && p.HasFeed(feedBlock+name) {
			copyBlock(p.Feed(feedBlock+name), b, i)
		}
		if p.HasFeed(feedLengths + name) { // also where what they are the lengths of is fed otherwise
			copy(p.Feed(feedLengths+name).I, b.Lengths[i])
		}
	}
	if p.HasFeed(FeedTarget) {
		feed := p.Feed(FeedTarget)
		copy(feed.I, b.Classes)
		copy(feed.F, b.Target)
	}
}

// feedRows copies all but sequences and targets.
func (n *Network) feedRows(p *exec.Program, b *dataset.Batch) {
	for i := range n.Schema.Blocks {
		if name := feedBlock + n.Schema.Blocks[i].Name; !n.Schema.Blocks[i].Sequence && p.HasFeed(name) {
			copyBlock(p.Feed(name), b, i)
		}
	}
	if p.HasFeed(FeedShare) {
		second := p.Feed(FeedSecond)
		copy(second.I, b.SecondClasses)
		copy(second.F, b.SecondTarget)
		copy(p.Feed(FeedShare).F, b.Share)
	}
	if p.HasFeed(FeedBase) {
		copy(p.Feed(FeedBase).F, b.Base)
	}
	if p.HasFeed(FeedWeight) {
		copy(p.Feed(FeedWeight).F, b.Weight)
	}
}

// copyBlock copies the rows of block i.
func copyBlock(feed graph.Buffer, b *dataset.Batch, i int) {
	size := b.Rows * b.RowSize(i)
	if feed.I != nil {
		copy(feed.I, b.Ints[i][:size])
	} else {
		copy(feed.F, b.Floats[i][:size])
	}
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
	s := &Scorer{Runner: r, set: metrics.NewSet(r.net.Config.Metrics, r.net.Task()), base: newBaselines(r.net)}
	if r.net.Target.Kind != "number" {
		s.confusion = metrics.NewConfusion(r.net.Task())
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
	if s.net.Target.Steps {
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
	rows := r.net.ScoreRows()
	for from := 0; from < part.Rows(); from += rows {
		if _, err := part.FillFrom(r.batch, from, rows); err != nil {
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
