package train

import (
	"context"
	"errors"
	"fmt"
)

// ErrInterrupted ends a training whose context was cancelled; its checkpoint was written.
var ErrInterrupted = errors.New("interrupted; the checkpoint was written")

// Run trains to the end, or until ctx is cancelled: then the current step is finished, or the validation
// left undone, a checkpoint written and ErrInterrupted returned. A *Diverged error leaves the last good checkpoint as it was. When Run returns, all files are
// written.
func (t *Trainer) Run(ctx context.Context) error {
	ctx, end := agreed(t, ctx)
	defer end()
	err := t.run(ctx)
	if err != nil && t.saver.sure { // also in a training that diverged; best weights without a checkpoint would be in a new start's way
		if failed := t.saver.flush(); failed != nil && errors.Is(err, ErrInterrupted) {
			err = failed
		}
	}
	if failed := t.saver.wait(); failed != nil && (err == nil || errors.Is(err, ErrInterrupted)) {
		return failed
	}
	return err
}

func (t *Trainer) run(ctx context.Context) error {
	t.opts.Watch.Start(t.length)
	if t.pos.Done {
		return nil
	}
	for !t.Ended() {
		if err := t.epoch(ctx); err != nil {
			return err
		}
	}
	t.pos.Done = true
	return t.save(LastFile)
}

// epoch runs the rest of the current epoch.
func (t *Trainer) epoch(ctx context.Context) error {
	c := &t.job.Config.Train
	if t.pos.Batch == 0 {
		t.pos.LossSum, t.pos.LossWeight = 0, 0
	}
	t.batches.begin(uint64(t.pos.Epoch))
	n := t.batches.count()
	if t.pool.Threads() > 1 {
		t.batches.readAhead(t.pos.Batch)
		defer t.batches.stopReading()
	}
	for t.pos.Batch < n && t.pos.Step < t.length.TotalSteps {
		if !t.pos.Due {
			updated, err := t.step()
			if err != nil {
				return err
			}
			if !updated {
				continue
			}
		}
		last := t.pos.Batch == n || t.pos.Step == t.length.TotalSteps
		if t.pos.Due = !last && c.ValidateEvery > 0 && t.pos.Step%c.ValidateEvery == 0; t.pos.Due {
			if err := t.validate(ctx); err != nil {
				return err
			}
			if t.pos.Due = false; t.pos.Stopped { // the epoch ends here, in the same way whether or not someone asks to stop
				break
			}
		}
		if ctx.Err() != nil {
			return t.interrupted()
		}
		if !last {
			if err := t.saveWithin(c.Checkpoint.EverySteps); err != nil {
				return err
			}
		}
	}
	return t.endEpoch(ctx)
}

// endEpoch validates, logs and writes the checkpoint of a finished epoch, or of one that a validation stopped.
func (t *Trainer) endEpoch(ctx context.Context) error {
	epoch := t.pos.Epoch + 1
	if !t.pos.Stopped {
		if err := t.validate(ctx); err != nil {
			return err
		}
	}
	t.pos.Epoch, t.pos.Batch = epoch, 0
	if k := t.job.Config.Train.Checkpoint.KeepEvery; k > 0 && epoch%k == 0 { // before a checkpoint from which it would not be made again
		if err := t.save(fmt.Sprintf("epoch-%04d.safetensors", epoch)); err != nil {
			return err
		}
	}
	if ctx.Err() != nil && !t.Ended() {
		return t.interrupted()
	}
	if t.saver.due() {
		return t.save(LastFile)
	}
	return nil
}

// saveWithin writes a checkpoint within an epoch if it is time for one.
func (t *Trainer) saveWithin(everySteps int) error {
	asked := everySteps > 0 && t.pos.Step%everySteps == 0
	if !asked && !t.saver.due() {
		return nil
	}
	if err := t.save(LastFile); err != nil || !asked {
		return err
	}
	return t.saver.wait() // so many checkpoints are asked for to lose no more than those steps
}

func (t *Trainer) interrupted() error {
	if err := t.save(LastFile); err != nil {
		return err
	}
	return ErrInterrupted
}
