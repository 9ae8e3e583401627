package infer

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"dnn/pkg/metrics"
	"dnn/pkg/model"
	"dnn/pkg/task"
)

// Baseline is what a prediction achieves that needs no net, on the same rows.
type Baseline struct {
	// Name is "majority_class" or, of labels, "majority": the shares of the classes in the training split, of which the largest is
	// predicted; "mean": that of the training split; or for series "naive", the last value, and "seasonal_naive", that of one
	// season before.
	Name    string
	Does    string // what it does for every row, in words
	Metrics []metrics.Named
	// Constant says that the prediction is the same for every row.
	Constant bool
	Beaten   bool // the model is better in at least one metric, or as good where all labels are alike, or the rows are too few to tell
}

// leastRows is from how many rows on a model that is no better than a baseline is taken for one that learned nothing.
const leastRows = 10

// baselines scores such predictions next to a model.
type baselines struct {
	names    []string
	does     []string
	seasons  []int     // of naive forecasts
	constant []float64 // a prediction that is the same for all rows
	sets     []*metrics.Set
	goals    []metrics.Goal
	pred     []float64
	rows     int
	label    []float64 // of the first row
	varied   bool      // other rows have other labels
}

// newBaselines prepares the baselines of head k, nil where it has none: where it writes texts, or its model is of an earlier
// version and does not know the mean.
func newBaselines(n *model.Network, k int) *baselines {
	h := n.Heads[k]
	h.Threshold = 0 // one that was chosen for the net says nothing of the shares of classes
	b := &baselines{constant: constantPrediction(&h)}
	switch {
	case h.Horizon > 0:
		b.names, b.does, b.seasons = []string{"naive"}, []string{"predicting the last value"}, []int{1}
		if h.Season > 1 {
			b.names, b.seasons = append(b.names, "seasonal_naive"), append(b.seasons, h.Season)
			b.does = append(b.does, "predicting the value of one season before")
		}
	case b.constant == nil:
		return nil
	case h.Kind == task.Number:
		b.names, b.does = []string{"mean"}, []string{"predicting the mean"}
	case h.Kind == task.Labels:
		b.names, b.does = []string{"majority"}, []string{"predicting the most frequent labels"}
	default:
		b.names, b.does = []string{"majority_class"}, []string{"predicting the most frequent class"}
	}
	var list []metrics.Metric
	for _, m := range n.Metrics(k) {
		if goal := m.Goal(); goal != metrics.NoGoal {
			list, b.goals = append(list, m), append(b.goals, goal)
		}
	}
	for range b.names {
		b.sets = append(b.sets, metrics.NewSet(list, h))
	}
	return b
}

// constantPrediction is what the training split alone says of every row: the shares of the classes, or the means of numbers; nil
// where nothing is known.
func constantPrediction(h *task.Head) []float64 {
	t := &h.Training
	switch {
	case h.Text() || h.Horizon > 0:
		return nil
	case h.Kind == task.Number:
		return t.Means
	case t.Rows == 0:
		return nil
	}
	var shares []float64
	for _, n := range t.Counts {
		shares = append(shares, n/t.Rows)
	}
	if h.Kind == task.Binary && len(shares) == 2 {
		shares = shares[1:]
	}
	if len(shares) != h.Width {
		return nil
	}
	return shares
}

// Compare adds the batch that was scored last to the scores of the baselines. naive writes the naive forecast of a season.
func (s *Scorer) Compare(naive func(season int, dst []float64)) {
	for _, h := range s.heads {
		if !s.compares { // a validation never does
			h.base = newBaselines(s.net, h.head)
		}
		if h.base != nil && s.batch.Rows > 0 {
			h.base.add(h.last, s.net.Heads[h.head].Width, naive)
		}
	}
	s.compares = true
}

// add scores the baselines of the rows of a batch.
func (b *baselines) add(m metrics.Batch, width int, naive func(season int, dst []float64)) {
	b.pred = resize(b.pred, m.Rows*width)
	m.Pred = b.pred
	for i, set := range b.sets {
		if b.constant == nil {
			naive(b.seasons[i], b.pred)
		} else {
			for at := 0; at < len(b.pred); at += width {
				copy(b.pred[at:], b.constant)
			}
		}
		set.Add(m)
	}
	b.look(m)
}

// look notes whether the labels of rows differ.
func (b *baselines) look(m metrics.Batch) {
	width := len(m.Labels) / max(1, m.Rows)
	own := make([]float64, max(1, width))
	for i := range m.Rows {
		if m.Class != nil {
			own[0] = float64(m.Class[i])
		} else {
			copy(own, m.Labels[i*width:(i+1)*width])
		}
		if b.label == nil {
			b.label = slices.Clone(own)
		}
		b.varied = b.varied || !slices.Equal(own, b.label)
	}
	b.rows += m.Rows
}

// results are the scores so far next to those of the model, nil when nothing was compared.
func (b *baselines) results(of []metrics.Named) (list []Baseline) {
	if b == nil || b.rows == 0 {
		return nil
	}
	var own []metrics.Named
	for _, m := range of {
		if m.Result.Single() {
			own = append(own, m)
		}
	}
	for i, set := range b.sets {
		one := Baseline{Name: b.names[i], Does: b.does[i], Constant: b.constant != nil, Metrics: set.Results(), Beaten: b.rows < leastRows || len(own) == 0}
		worse := false
		for k, m := range one.Metrics {
			ours, theirs := own[k].Result.Value, m.Result.Value
			if b.goals[k] == metrics.Lower {
				ours, theirs = -ours, -theirs
			}
			one.Beaten, worse = one.Beaten || ours > theirs, worse || ours < theirs
		}
		one.Beaten = one.Beaten || !b.varied && !worse
		list = append(list, one)
	}
	return list
}

// appendBaselines writes "baselines":{"naive":{"rmse":…},…}.
func appendBaselines(b *bytes.Buffer, name string, list []Baseline) error {
	if len(list) == 0 {
		return nil
	}
	fmt.Fprintf(b, `,%q:{`, name)
	for i, one := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(b, "%q:{", one.Name)
		for k, m := range one.Metrics {
			value, err := json.Marshal(m.Result)
			if err != nil {
				return err
			}
			if k > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(b, "%q:%s", m.Name, value)
		}
		b.WriteByte('}')
	}
	b.WriteByte('}')
	return nil
}
