package infer

import (
	"bytes"
	"encoding/json"
	"fmt"

	"dnn/pkg/metrics"
	"dnn/pkg/model"
)

// Baseline is what a forecast achieves that needs no net, on the same rows.
type Baseline struct {
	Name    string // "naive" takes the last value, "seasonal_naive" that of one season before
	Metrics []metrics.Named
}

// baselines scores naive forecasts beside a model.
type baselines struct {
	names   []string
	seasons []int
	sets    []*metrics.Set
	pred    []float64
	used    bool
}

// newBaselines prepares the naive forecasts of head k, nil where that is no series.
func newBaselines(n *model.Network, k int) *baselines {
	h := &n.Heads[k]
	if h.Horizon == 0 {
		return nil
	}
	b := &baselines{names: []string{"naive"}, seasons: []int{1}}
	if h.Season > 1 {
		b.names, b.seasons = append(b.names, "seasonal_naive"), append(b.seasons, h.Season)
	}
	for range b.names {
		b.sets = append(b.sets, metrics.NewSet(n.Metrics(k), *h))
	}
	return b
}

// Compare adds the batch that was scored last to the scores of the naive forecasts. naive writes that of a season.
func (s *Scorer) Compare(naive func(season int, dst []float64)) {
	h := s.heads[0] // series are one head, beside which there is no other
	b := h.base
	if b == nil || s.batch.Rows == 0 {
		return
	}
	width := s.net.Heads[0].Width
	b.pred = resize(b.pred, s.batch.Rows*width)
	for i, set := range b.sets {
		naive(b.seasons[i], b.pred)
		set.Add(metrics.Batch{Rows: s.batch.Rows, Pred: b.pred, Labels: h.truth, Weight: s.weights()})
	}
	b.used = true
}

// weights are those of the batch that was scored last, nil without a column of weights.
func (s *Scorer) weights() []float64 {
	if s.net.Schema.Weight == "" {
		return nil
	}
	return s.heads[0].weight
}

// results are the scores so far, nil when nothing was compared.
func (b *baselines) results() (list []Baseline) {
	if b == nil || !b.used {
		return nil
	}
	for i, set := range b.sets {
		list = append(list, Baseline{b.names[i], set.Results()})
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
