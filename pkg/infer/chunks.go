package infer

import (
	"dnn/pkg/model"
)

// runStretches is Run for sequences that come in chunks.
func (r *Runner) runStretches() error {
	extent := r.net.Stretch(r.batch.Rows)
	p, err := r.program(extent)
	if err != nil {
		return err
	}
	model.ResetStates(r.state, false)
	r.pack()
	steps := r.net.Steps(0, extent)
	for from := 0; from < max(1, r.batch.LabelRoom(0)); from += steps {
		r.net.FeedStretch(p, r.batch, from)
		p.Run()
		r.take(p, nil, from)
	}
	return nil
}
