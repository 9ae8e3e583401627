package infer

import "dnn/pkg/model"

// What a Runner keeps of compiled programs: as many, of so much memory in all, but in any case the last.
const (
	keptPrograms = 24
	keptBytes    = 1 << 30
)

// program is the net compiled for a batch shape.
func (r *Runner) program(e model.BatchShape) (*model.Program, error) {
	if p, ok := r.programs.Get(e); ok {
		return p, nil
	}
	build := r.net.PredictGraph
	if r.scoring {
		build = r.net.ScoreGraph
	}
	g, err := build(e)
	if err != nil {
		return nil, err
	}
	p, err := r.net.Compile(g, r.state, r.pool, model.Evaluation(r.state))
	if err != nil {
		return nil, err
	}
	r.programs.Put(e, p)
	return p, nil
}
