package infer

import (
	"dnn/pkg/model"
)

// runChunks is Run for sequences that come in chunks.
func (r *Runner) runChunks() error {
	shape := r.net.ChunkShape(r.batch.Rows)
	p, err := r.program(shape)
	if err != nil {
		return err
	}
	model.ResetStates(r.state, false)
	r.pack()
	steps := r.net.Steps(0, shape)
	for from := 0; from < max(1, r.batch.MaxLabels(0)); from += steps {
		p.FeedChunk(r.batch, from)
		p.Run()
		r.take(p, nil, from)
	}
	return nil
}
