package train

import (
	"context"

	"dnn/pkg/dataset"
	"dnn/pkg/infer"
)

// Epoch is what is known after a validation.
type Epoch struct {
	Epoch      int // the epoch in which it took place, from 1
	Step       int // updates so far
	Loss       float64
	Rate       float64
	Validation *infer.Scores // nil where there is no validation split
	Monitored  float64       // the figure that By names
	By         string        // what decides which weights are the best: train.monitor, or a loss as long as that is undefined
	Best       bool          // the best so far
	Wait       int           // validations since the last improvement that counts
}

// validate scores the validation split, decides whether this is the best state so far and whether to stop, and writes the
// line of the log. If ctx ends while the split is scored, nothing is changed: ErrInterrupted says so, when a checkpoint was written
// that a resumed training validates again from.
func (t *Trainer) validate(ctx context.Context) error {
	if t.saver.began.IsZero() { // a log with lines is of a run that can be resumed
		if err := t.save(LastFile); err != nil {
			return err
		}
	}
	e := Epoch{Epoch: t.pos.Epoch + 1, Step: t.pos.Step, Loss: t.pos.LossSum / t.pos.LossWeight, Rate: t.pos.Rate}
	if part := t.job.Data.Validation; part != nil {
		scores, err := t.score(ctx, part)
		if err != nil && ctx.Err() != nil {
			return t.interrupted()
		}
		if err != nil {
			return err
		}
		e.Validation = scores
	}
	judge(t, &e)
	if e.Best {
		if err := t.keepBest(); err != nil {
			return err
		}
	}
	if !leads(t) {
		return nil
	}
	t.opts.Watch.Epoch(e)
	if err := t.saver.ensure(); err != nil {
		return err
	}
	return t.log.write(e)
}

// sampleTexts is for how many rows texts are written where a sample will do: in validations, and at last of the training split.
const sampleTexts = 200

// score scores a split with the current weights; a fast run takes a few batches only.
func (t *Trainer) score(ctx context.Context, part *dataset.Part) (*infer.Scores, error) {
	if t.opts.Fast {
		part = part.Sample(fastBatches*t.job.Config.Train.BatchSize, t.job.Config.Seed)
	}
	how := infer.Scoring{Texts: sampleTexts, Stop: ctx.Err}
	if t.opts.Comm.Size() > 1 {
		how.Comm, how.Stop = t.opts.Comm, func() error { return agree(t, ctx) }
	}
	return infer.Score(t.runner, part, how)
}
