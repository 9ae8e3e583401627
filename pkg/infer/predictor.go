package infer

import (
	"io"

	"dnn/pkg/dataset/stream"
	"dnn/pkg/graph/exec"
	"dnn/pkg/model"
)

// Predictor predicts the rows of files with a model. One goroutine at a time uses it; load another for each further one.
type Predictor struct {
	Net    *model.Network
	pool   *exec.Pool
	runner *Runner
}

// Load reads a model file. Predictions run on so many threads, on all that there are where threads is 0.
func Load(path string, threads int) (*Predictor, error) {
	f, err := model.Load(path)
	if err != nil {
		return nil, err
	}
	pool := exec.NewPool(threads)
	return &Predictor{f.Net, pool, NewRunner(f.Net, f.State, pool, false)}, nil
}

// Close ends the threads.
func (p *Predictor) Close() { p.pool.Close() }

// Predict reads rows and gives each what the heads predict for it, in the order of Net.Heads: probabilities of classes or
// labels, or numbers in the target's own unit; of a sequence those of one step after the other; of labels that are aligned the
// logarithms of probabilities. err says why a row has no
// prediction. The format is told by the name's ending; columns of the target are not needed.
func (p *Predictor) Predict(r io.Reader, name string, each func(row int, heads [][]float64, err error)) error {
	rows, err := stream.Open(p.Net.Schema, r, name, stream.Options{})
	if err != nil {
		return err
	}
	for done := 0; ; {
		n, err := rows.Next(p.runner.Batch(), p.Net.ScoreRows())
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		outs, err := p.runner.Run()
		if err != nil {
			return err
		}
		errs := rows.Errors()
		for i := range n {
			if errs[i] != nil {
				each(done+i, nil, errs[i])
				continue
			}
			heads := make([][]float64, len(outs))
			for k := range outs {
				h := &p.Net.Heads[k]
				if h.Aligned() {
					heads[k] = Denormalize(h, nil, outs[k].Aligned[i])
					continue
				}
				from, to := p.runner.Predictions(k, i)
				heads[k] = Denormalize(h, nil, outs[k].Prediction[from*h.Width:to*h.Width])
			}
			each(done+i, heads, nil)
		}
		done += n
	}
}
