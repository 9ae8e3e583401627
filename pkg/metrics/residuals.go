package metrics

import (
	"math"

	"dnn/pkg/task"
)

// residuals sums up what regression metrics need, per target. Nothing is kept per row.
type residuals struct {
	task    task.Head
	targets []residual
	rows    int
}

type residual struct {
	squared, absolute, relative, symmetric mean

	// Weighted mean of the labels and sum of squared deviations from it, by West's update (1979): stable where the
	// deviations are small beside the mean, and exactly 0 for a constant.
	weight, mean, deviation float64
}

// epsilon stands in for a true value of 0 in a relative error, as in scikit-learn.
const epsilon = 0x1p-52

// Add takes the rows of a batch.
func (r *residuals) Add(b Batch) {
	checkBatch(r.task, b)
	r.rows += b.Rows
	n := columns(r.task)
	for i := range b.Rows {
		w := b.weight(i)
		for j := range n {
			r.targets[j].add(b.Labels[i*n+j], b.Pred[i*n+j], w)
		}
	}
}

func (t *residual) add(truth, pred, w float64) {
	e := pred - truth
	t.squared.add(e*e, w)
	t.absolute.add(math.Abs(e), w)
	t.relative.add(math.Abs(e)/math.Max(math.Abs(truth), epsilon), w)
	symmetric := 0.0
	if size := math.Abs(truth) + math.Abs(pred); size != 0 {
		symmetric = 2 * math.Abs(e) / size
	}
	t.symmetric.add(symmetric, w)
	if t.weight += w; w > 0 {
		d := truth - t.mean
		t.mean += float64(d * w / t.weight)
		t.deviation += float64(w * d * (truth - t.mean))
	}
}

// fromResiduals makes the accumulator of a regression metric. With several targets it is the plain mean over them:
// multioutput="uniform_average" of scikit-learn.
func fromResiduals(t task.Head, value func(r *residual, rows int) float64) Accumulator {
	r := &residuals{task: t, targets: make([]residual, columns(t))}
	return &view[*residuals]{r, func(r *residuals) Result {
		var m mean
		for j := range r.targets {
			m.add(value(&r.targets[j], r.rows), 1)
		}
		return number(m.value())
	}}
}
