package quantize

import (
	"dnn/pkg/dataset"
	"dnn/pkg/graph/exec"
	"dnn/pkg/infer"
	"dnn/pkg/model"
)

// Rows are rows of data that can be gone through again and again.
type Rows interface {
	// Each fills b with so many rows at most, time after time, and calls run.
	Each(b *dataset.Batch, most int, run func() error) error
}

// Part is rows of a split: count of them, drawn by the seed, or all where count is 0.
func Part(p *dataset.Part, count int, seed uint64) Rows {
	if count > 0 {
		p = dataset.Covering(p, count).Sample(count, seed)
	}
	return split{p}
}

type split struct{ part *dataset.Part }

func (s split) Each(b *dataset.Batch, most int, run func() error) error {
	rows := 0
	for from := 0; from < s.part.Rows(); from += rows {
		var err error
		if rows, err = s.part.FillFrom(b, from, most); err != nil {
			return err
		}
		if err := run(); err != nil {
			return err
		}
	}
	return nil
}

// loss is that of a model on the rows that layers are tried on.
func (q *quantizer) loss(f *model.File) (float64, error) {
	runner := infer.NewRunner(f.Net, f.State, q.pool, true)
	sums, masses := make([]float64, len(f.Net.Heads)), make([]float64, len(f.Net.Heads))
	err := q.data.Scoring.Each(runner.Batch(), f.Net.ScoreRows(), func() error {
		outs, err := runner.Run()
		for k, out := range outs {
			sums[k] += out.Loss
			masses[k] += out.Weight
		}
		return err
	})
	total := 0.0
	for k := range sums {
		_, weight := f.Net.Loss(k)
		total += float64(weight * (sums[k] / masses[k]))
	}
	return total, err
}

// Score scores a model.
func Score(f *model.File, rows Rows, pool *exec.Pool) (*infer.Scores, error) {
	scorer := infer.NewScorer(infer.NewRunner(f.Net, f.State, pool, true))
	if err := rows.Each(scorer.Batch(), f.Net.ScoreRows(), scorer.Add); err != nil {
		return nil, err
	}
	return scorer.Result(), nil
}
