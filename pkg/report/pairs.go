package report

import (
	"math"
	"slices"

	"dnn/pkg/metrics"
)

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

// byStep are the mean absolute error of each step of the k-th column, and what nine of ten of its errors stay below.
func (p *pairs) byStep(k int) (mean, most []float64) {
	for step := range p.pool {
		var errors []float64
		sum := 0.0
		for i := step; i < len(p.pred[k]); i += p.pool {
			e := math.Abs(p.pred[k][i] - p.truth[k][i])
			errors, sum = append(errors, e), sum+e
		}
		slices.Sort(errors)
		mean, most = append(mean, sum/float64(len(errors))), append(most, errors[(len(errors)*9-1)/10])
	}
	return mean, most
}
