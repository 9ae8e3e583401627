package report

import "dnn/pkg/metrics"

// pairs collects predicted and true numbers for a plot; the steps of a series are in one.
type pairs struct {
	width, pool int // numbers of a row, and how many that follow one another belong together
	pred, truth [][]float64
}

func newPairs(width, horizon int) *pairs {
	pool := max(1, horizon)
	return &pairs{width, pool, make([][]float64, width/pool), make([][]float64, width/pool)}
}

func (p *pairs) add(b metrics.Batch) {
	if b.Labels == nil || len(b.Pred) != len(b.Labels) {
		return
	}
	for i, v := range b.Pred {
		k := i % p.width / p.pool
		p.pred[k] = append(p.pred[k], v)
		p.truth[k] = append(p.truth[k], b.Labels[i])
	}
}
